/** What went wrong, as RFC 9457 has it, with a stable code. */
export function problem(status: number, code: string, detail: string): Response {
  return Response.json(
    { type: 'about:blank', status, code, detail },
    { status, headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' } },
  );
}
