/** What stands for itself, as most names do; others in quotation marks. No two names are one part of a key, or two. */
export function namePart(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name).replace(/[{}]/g, escapedBrace);
}

function escapedBrace(brace: string): string {
  return `\\u00${brace.charCodeAt(0).toString(16)}`;
}
