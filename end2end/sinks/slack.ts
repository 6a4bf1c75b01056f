// Slack's Web API, as far as a bot uses it that posts, changes what it posted, hands pictures over and hears of pressed buttons.
//
// Formats: docs.slack.dev, `chat.postMessage`, `chat.update`, `files.getUploadURLExternal`, `files.completeUploadExternal`, `users.info`,
// "Verifying requests from Slack", `block_actions`. What Slack would refuse is refused here in the same words, and is a complaint besides.

import { createHmac, randomBytes } from 'node:crypto';
import { problemsOf, type Block } from './block-kit';
import { json, Listener, type Answer, type Asked } from './listener';

/** `#alerts` on the inside. Only this name changes a message. */
const CHANNEL = 'C024BE91L';
const TEAM = 'T9TK3CUKW';
const USER = 'UA8RXUSPL';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What one call said of a message. */
export type Said = { text: string; blocks: Block[]; metadata: Block; [name: string]: any };

/** A message: what it said at first, and after every change. */
export interface Message {
  ts: string;
  /** Of an answer in a thread: the message it answers. */
  thread: string | undefined;
  said: Said[];
}

/** How a request is signed that says somebody pressed a button. */
export interface Signing {
  secret?: string;
  secondsAgo?: number;
}

export class Slack {
  readonly token = `xoxb-${randomBytes(12).toString('hex')}`;
  readonly secret = randomBytes(16).toString('hex');
  /** Whoever presses, as Slack knows them. */
  readonly email: string;
  readonly complaints: string[] = [];
  readonly messages: Message[] = [];
  /** Pictures that were handed over completely. */
  readonly files: string[] = [];
  /** Posts that were put off. */
  refused = 0;
  private readonly uploads = new Map<string, number>();
  private readonly uploaded: string[] = [];
  private refusesNext = false;
  private lastTs = 0;
  private listener!: Listener;

  private constructor(email: string) {
    this.email = email;
  }

  static async open(email: string): Promise<Slack> {
    const slack = new Slack(email);
    slack.listener = await Listener.open((asked) => slack.answer(asked));
    return slack;
  }

  get api(): string {
    return `${this.listener.url}/api`;
  }

  async close(): Promise<void> {
    await this.listener.leave();
  }

  /** The next message is put off for a second. */
  refuseOnce(): void {
    this.refusesNext = true;
  }

  /** Messages of the channel whose heading ends with `name`; what stands in threads is left out. */
  about(name: string): Message[] {
    return this.messages.filter((message) => message.thread === undefined && heading(message.said[0]).endsWith(name));
  }

  /** What was answered to a message in its thread. */
  thread(message: Message): Said[] {
    return this.messages.filter((other) => other.thread === message.ts).map((other) => other.said[0]);
  }

  /** Tells the house at `url` that somebody pressed a button of the message as it stands, and says with which status it answered. */
  async press(url: string, message: Message, actionId: string, signing: Signing = {}): Promise<number> {
    return this.send(url, this.pressed(message, actionId), signing);
  }

  /** The request that says so. */
  pressed(message: Message, actionId: string): string {
    const said = now(message);
    const button = buttons(said).find((one) => one.action_id === actionId);
    if (!button) throw new Error(`the message has no button ${actionId}: ${JSON.stringify(said.blocks)}`);
    const payload = {
      type: 'block_actions',
      user: { id: USER, username: 'hanako', name: 'hanako', team_id: TEAM },
      team: { id: TEAM, domain: 'kura' },
      channel: { id: CHANNEL, name: 'alerts' },
      container: { type: 'message', message_ts: message.ts, channel_id: CHANNEL },
      message: { type: 'message', ts: message.ts, ...said },
      trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
      response_url: `${this.listener.url}/actions/${TEAM}/1`,
      actions: [{ ...button, block_id: 'alert', action_ts: `${Date.now() / 1_000}` }],
    };
    return `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  }

  async send(url: string, body: string, { secret = this.secret, secondsAgo = 0 }: Signing = {}): Promise<number> {
    const timestamp = String(Math.floor(Date.now() / 1_000) - secondsAgo);
    const tag = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${tag}`,
    };
    return (await fetch(`${url}/hooks/slack`, { method: 'POST', headers, body })).status;
  }

  private answer(asked: Asked): Answer {
    if (asked.path.startsWith('/upload/')) return this.takeFile(asked);
    // A word that only one person sees.
    if (asked.path.startsWith('/actions/')) return { status: 200, body: 'ok' };
    if (asked.headers.authorization !== `Bearer ${this.token}`) return this.no('invalid_auth', asked.path);
    const method = asked.path.slice('/api/'.length);
    switch (method) {
      case 'chat.postMessage':
        return this.post(asked);
      case 'chat.update':
        return this.update(asked);
      case 'files.getUploadURLExternal':
        return this.place(asked);
      case 'files.completeUploadExternal':
        return this.complete(asked);
      case 'users.info':
        return this.person(asked);
      default:
        return this.no('unknown_method', method);
    }
  }

  /** Slack says no with 200. */
  private no(error: string, why: string): Answer {
    this.complaints.push(`${error}: ${why}`);
    return { status: 200, body: { ok: false, error, response_metadata: { messages: [why] } } };
  }

  /** What is wrong with what a message says, if anything. */
  private wrong(asked: Asked): Answer | undefined {
    const said = json(asked);
    if (!/^application\/json(;|$)/.test(asked.headers['content-type'] ?? '') || !said) return this.no('invalid_json', asked.path);
    if (typeof said.text !== 'string' || said.text === '') return this.no('no_text', 'expected a text for notifications');
    const problems = problemsOf(said.blocks, this.files);
    if (problems.length > 0) return this.no('invalid_blocks', problems.join('; '));
    if (typeof said.metadata?.event_type !== 'string' || typeof said.metadata.event_payload !== 'object') {
      return this.no('invalid_metadata_format', JSON.stringify(said.metadata));
    }
    return undefined;
  }

  private post(asked: Asked): Answer {
    if (this.refusesNext) {
      this.refusesNext = false;
      this.refused += 1;
      return { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } };
    }
    const wrong = this.wrong(asked);
    if (wrong) return wrong;
    const said = json(asked);
    if (!['#alerts', CHANNEL].includes(said.channel)) return this.no('channel_not_found', said.channel);
    if (said.thread_ts !== undefined && !this.find(said.thread_ts)) return this.no('thread_not_found', said.thread_ts);
    const message = { ts: this.nextTs(), thread: said.thread_ts, said: [said] };
    this.messages.push(message);
    return { status: 200, body: { ok: true, channel: CHANNEL, ts: message.ts, message: { type: 'message', ...said } } };
  }

  private update(asked: Asked): Answer {
    const wrong = this.wrong(asked);
    if (wrong) return wrong;
    const said = json(asked);
    const message = this.find(said.ts);
    if (said.channel !== CHANNEL) return this.no('channel_not_found', said.channel);
    if (!message) return this.no('message_not_found', said.ts);
    message.said.push(said);
    return { status: 200, body: { ok: true, channel: CHANNEL, ts: message.ts, text: said.text } };
  }

  private find(ts: unknown): Message | undefined {
    return this.messages.find((message) => message.ts === ts);
  }

  /** Seconds and a number: a message's name, and when it was posted. */
  private nextTs(): string {
    this.lastTs = Math.max(this.lastTs + 1, Date.now() * 1_000);
    return `${Math.floor(this.lastTs / 1e6)}.${String(this.lastTs % 1e6).padStart(6, '0')}`;
  }

  private place(asked: Asked): Answer {
    const form = new URLSearchParams(asked.body.toString('utf8'));
    const length = Number(form.get('length'));
    if (!form.get('filename') || !(length > 0)) return this.no('invalid_arguments', asked.body.toString('utf8'));
    const file = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    this.uploads.set(file, length);
    return { status: 200, body: { ok: true, upload_url: `${this.listener.url}/upload/${file}`, file_id: file } };
  }

  private takeFile(asked: Asked): Answer {
    const file = asked.path.slice('/upload/'.length);
    const isWhole = asked.body.length === this.uploads.get(file);
    if (asked.method !== 'POST' || !isWhole || !asked.body.subarray(0, PNG.length).equals(PNG)) {
      this.complaints.push(`upload: ${asked.method} of ${asked.body.length} bytes is not the picture that was announced`);
      return { status: 400 };
    }
    this.uploaded.push(file);
    return { status: 200, body: `OK - ${asked.body.length}` };
  }

  private complete(asked: Asked): Answer {
    const files: Block[] = json(asked)?.files ?? [];
    const isThere = files.length > 0 && files.every((file) => this.uploaded.includes(file.id));
    if (!isThere) return this.no('file_not_found', asked.body.toString('utf8'));
    this.files.push(...files.map((file) => file.id));
    return { status: 200, body: { ok: true, files } };
  }

  private person(asked: Asked): Answer {
    if (asked.query.get('user') !== USER) return this.no('user_not_found', asked.query.get('user') ?? '');
    const user = { id: USER, team_id: TEAM, deleted: false, is_email_confirmed: true, profile: { email: this.email } };
    return { status: 200, body: { ok: true, user } };
  }
}

/** What a message says by now. */
export function now(message: Message): Said {
  return message.said[message.said.length - 1];
}

/** The heading of a message; of a line in a thread nothing. */
export function heading(said: Said): string {
  return said.blocks.find((block) => block.type === 'header')?.text.text ?? '';
}

/** Its buttons. */
export function buttons(said: Said): Block[] {
  return said.blocks.find((block) => block.type === 'actions')?.elements ?? [];
}

/** The texts of its sections, fields too. */
export function texts(said: Said): string[] {
  const sections = said.blocks.filter((block) => block.type === 'section');
  return sections.flatMap((block) => [block.text, ...(block.fields ?? [])]).filter(Boolean).map((text) => text.text);
}
