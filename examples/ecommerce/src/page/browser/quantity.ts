/** What is no number goes to the shop as it is, which says what is wrong with it. */
export function numberOr(text: string): number | string {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}
