// Somebody's own server that takes Standard Webhooks (standard-webhooks/standard-webhooks, `spec/standard-webhooks.md`): it believes what is
// signed and fresh, and acts once on what has the same id.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { json, Listener, type Answer, type Asked } from './listener';

/** How old a message may be. */
const TOLERANCE_S = 300;
/** What the specification asks for. */
const MOST_BYTES = 20_000;

/** What was told, once for each id. */
export interface Told {
  id: string;
  /** `alert.fired`. */
  type: string;
  data: Record<string, any>;
}

export class Webhook {
  readonly secret = `whsec_${randomBytes(32).toString('base64')}`;
  readonly authorization = `Bearer ${randomBytes(12).toString('hex')}`;
  readonly complaints: string[] = [];
  readonly told: Told[] = [];
  /** How often each id came, taken or not. */
  readonly attempts = new Map<string, number>();
  private refusesNext = false;
  private listener!: Listener;

  static async open(): Promise<Webhook> {
    const webhook = new Webhook();
    webhook.listener = await Listener.open((asked) => webhook.answer(asked));
    return webhook;
  }

  get url(): string {
    return `${this.listener.url}/alerts`;
  }

  async close(): Promise<void> {
    await this.listener.leave();
  }

  /** The next message that is good is answered with 500 all the same. */
  refuseOnce(): void {
    this.refusesNext = true;
  }

  /** What was told of the alerts of this name. */
  about(name: string): Told[] {
    return this.told.filter(({ data }) => data.alerts?.some((alert: Record<string, any>) => alert.name === name));
  }

  private answer(asked: Asked): Answer {
    const [id, body] = [asked.headers['webhook-id'], json(asked)];
    const problems = this.problemsOf(asked, body);
    if (typeof id !== 'string' || problems.length > 0) {
      this.complaints.push(`webhook: ${problems.join('; ')}`);
      return { status: 400, body: problems.join('\n') };
    }
    this.attempts.set(id, (this.attempts.get(id) ?? 0) + 1);
    if (this.refusesNext) {
      this.refusesNext = false;
      return { status: 500, body: 'the queue is full' };
    }
    if (!this.told.some((one) => one.id === id)) this.told.push({ id, type: body.type, data: body.data });
    return { status: 200, body: 'taken' };
  }

  private problemsOf(asked: Asked, body: any): string[] {
    const away = Math.abs(Date.now() / 1_000 - Number(asked.headers['webhook-timestamp']));
    const hasShape = typeof body?.type === 'string' && !Number.isNaN(Date.parse(body.timestamp)) && typeof body.data === 'object';
    return [
      ...(asked.method === 'POST' && asked.path === '/alerts' ? [] : [`${asked.method} ${asked.path}`]),
      ...(asked.headers.authorization === this.authorization ? [] : ['the authorization is another one']),
      ...(this.isSigned(asked) ? [] : ['no signature is right']),
      ...(away <= TOLERANCE_S ? [] : [`the timestamp is ${away} s away`]),
      ...(asked.body.length < MOST_BYTES ? [] : [`${asked.body.length} bytes`]),
      ...(hasShape ? [] : ['expected type, timestamp and data']),
    ];
  }

  /** Whether one of the signatures is that of the id, the timestamp and the body as it came. */
  private isSigned(asked: Asked): boolean {
    const key = Buffer.from(this.secret.slice('whsec_'.length), 'base64');
    const begin = `${asked.headers['webhook-id']}.${asked.headers['webhook-timestamp']}.`;
    const right = createHmac('sha256', key).update(begin).update(asked.body).digest();
    const given = String(asked.headers['webhook-signature'] ?? '').split(' ').filter((one) => one.startsWith('v1,'));
    const tags = given.map((one) => Buffer.from(one.slice('v1,'.length), 'base64'));
    return tags.some((tag) => tag.length === right.length && timingSafeEqual(tag, right));
  }
}
