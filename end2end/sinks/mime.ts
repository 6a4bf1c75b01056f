// Mails as they travel: headers with words in other alphabets, and bodies in parts (RFC 5322, 2045 to 2047). Bytes are kept as Latin-1
// text until it is known what they are.

/** A part of a mail; the whole is one too. */
export interface Part {
  /** By name in lower case, as a reader sees them. */
  headers: Map<string, string>;
  /** `text/plain`. */
  type: string;
  parameters: Map<string, string>;
  content: Buffer;
  parts: Part[];
}

/** Reads a mail. What can't be read is an error, as no program would show it. */
export function read(mail: string): Part {
  const [head, body] = halves(mail);
  const headers = headersOf(head);
  const [type, ...rest] = (headers.get('content-type') ?? 'text/plain; charset=us-ascii').split(';').map((piece) => piece.trim());
  const parameters = new Map(rest.map(parameter));
  const isMany = type.toLowerCase().startsWith('multipart/');
  const content = isMany ? Buffer.alloc(0) : decoded(body, headers.get('content-transfer-encoding') ?? '7bit');
  const parts = isMany ? pieces(body, parameters.get('boundary') ?? '').map(read) : [];
  return { headers, type: type.toLowerCase(), parameters, content, parts };
}

/** The first part of a type, wherever it stands. */
export function find(part: Part, type: string): Part | undefined {
  if (part.type === type) return part;
  return part.parts.map((inner) => find(inner, type)).find(Boolean);
}

/** The text of a part. */
export function text(part: Part): string {
  return new TextDecoder(part.parameters.get('charset') ?? 'us-ascii', { fatal: true }).decode(part.content).replaceAll('\r\n', '\n');
}

function halves(mail: string): [string, string] {
  if (mail.startsWith('\r\n')) return ['', mail.slice(2)];
  const at = mail.indexOf('\r\n\r\n');
  if (at < 0) throw new Error(`a part has headers without an end: ${mail.slice(0, 200)}`);
  return [mail.slice(0, at), mail.slice(at + 4)];
}

function headersOf(head: string): Map<string, string> {
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n').filter(Boolean);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = line.match(/^([!-9;-~]+):[ \t]*(.*)$/) ?? [];
    if (!name) throw new Error(`this is no header: ${line}`);
    if (headers.has(name.toLowerCase())) throw new Error(`the header ${name} stands twice`);
    headers.set(name.toLowerCase(), words(value));
  }
  return headers;
}

/** Encoded words; the space between two of them is none. */
function words(value: string): string {
  const joined = value.replace(/(\?=)[ \t]+(?==\?)/g, '$1');
  return joined.replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, how: string, said: string) => {
    const bytes = how.toLowerCase() === 'b' ? Buffer.from(said, 'base64') : quoted(said.replaceAll('_', ' '));
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  });
}

function parameter(piece: string): [string, string] {
  const [name, ...rest] = piece.split('=');
  return [name.trim().toLowerCase(), rest.join('=').trim().replace(/^"(.*)"$/, '$1')];
}

function pieces(body: string, boundary: string): string[] {
  if (boundary === '') throw new Error('a multipart has no boundary');
  const [, ...found] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const end = found.findIndex((piece) => piece.startsWith('--'));
  if (end < 0) throw new Error('a multipart has no end');
  return found.slice(0, end).map((piece) => piece.slice(piece.indexOf('\r\n') + 2));
}

function decoded(body: string, encoding: string): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return quoted(body.replace(/=[ \t]*\r\n/g, ''));
    case '7bit':
    case '8bit':
    case 'binary':
      return Buffer.from(body, 'latin1');
    default:
      throw new Error(`there is no transfer encoding ${encoding}`);
  }
}

function quoted(written: string): Buffer {
  return Buffer.from(written.replace(/=([0-9A-F]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))), 'latin1');
}
