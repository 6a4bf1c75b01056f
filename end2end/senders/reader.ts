// Asks by Prometheus' HTTP API, whoever answers it.

/** Labels and a value at one moment. */
interface InstantSeries {
  metric: Record<string, string>;
  value: [number, string];
}

/** Labels and values at the moments of a range. */
interface RangeSeries {
  metric: Record<string, string>;
  values: [number, string][];
}

/** Values by series, as a person writes one: `up{job="node"}`. */
export type Values = Record<string, number>;

export class Reader {
  private readonly url: string;
  private readonly token: string | undefined;

  /** `url` is what stands before `/api/v1`. */
  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** The value of each series that `query` yields at `at` (seconds), or now. */
  async values(query: string, at?: number): Promise<Values> {
    const found = await this.ask<InstantSeries>(query, at);
    return Object.fromEntries(found.map(({ metric, value }) => [written(metric), number(value[1])]));
  }

  /** The labels of each series that `query` yields now. */
  async labels(query: string): Promise<Record<string, string>[]> {
    return (await this.ask<InstantSeries>(query)).map(({ metric }) => metric);
  }

  /** The one value that `query` yields; nothing when it yields none. */
  async value(query: string, at?: number): Promise<number | undefined> {
    const [first] = await this.ask<InstantSeries>(query, at);
    return first && number(first.value[1]);
  }

  /** Moments (seconds) and values of the one series that a range selector yields. */
  async samples(selector: string, at: number): Promise<[number, number][]> {
    const [first] = await this.ask<RangeSeries>(selector, at);
    return (first?.values ?? []).map(([moment, value]) => [moment, number(value)]);
  }

  private async ask<Series>(query: string, at?: number): Promise<Series[]> {
    const form = new URLSearchParams({ query });
    if (at !== undefined) form.set('time', String(at));
    const headers: Record<string, string> = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const url = `${this.url}/api/v1/query`;
    const answer = await fetch(url, { method: 'POST', body: form, headers, signal: AbortSignal.timeout(20_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${query}: ${answer.status} ${text}`);
    return (JSON.parse(text) as { data: { result: Series[] } }).data.result;
  }
}

/** Go writes infinities otherwise than JavaScript does. */
function number(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

function written({ __name__: name = '', ...labels }: Record<string, string>): string {
  const pairs = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
