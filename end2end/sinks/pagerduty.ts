// PagerDuty's Events API v2: developer.pagerduty.com, "Send an Alert Event". What it would refuse is refused, and is a complaint besides.

import { randomBytes } from 'node:crypto';
import { json, Listener, type Answer, type Asked } from './listener';

const ACTIONS = ['trigger', 'acknowledge', 'resolve'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const MOST_BYTES = 512_000;
const SUMMARY = 1_024;
const DEDUP_KEY = 255;

/** One event as it came. */
export type PagerEvent = Record<string, any>;

export class PagerDuty {
  readonly routingKey = randomBytes(16).toString('hex');
  readonly complaints: string[] = [];
  readonly events: PagerEvent[] = [];
  private listener!: Listener;

  static async open(): Promise<PagerDuty> {
    const pagerDuty = new PagerDuty();
    pagerDuty.listener = await Listener.open((asked) => pagerDuty.answer(asked));
    return pagerDuty;
  }

  get api(): string {
    return this.listener.url;
  }

  async close(): Promise<void> {
    await this.listener.leave();
  }

  /** Nobody answers any more, until it comes back. */
  async leave(): Promise<void> {
    await this.listener.leave();
  }

  async comeBack(): Promise<void> {
    await this.listener.comeBack();
  }

  /** Everything about the incidents that were triggered with this class. */
  about(name: string): PagerEvent[] {
    const keys = this.events.filter((event) => event.payload?.class === name).map((event) => event.dedup_key);
    return this.events.filter((event) => keys.includes(event.dedup_key));
  }

  private answer(asked: Asked): Answer {
    const event = json(asked) ?? {};
    const errors = [...problemsOfRequest(asked), ...problemsOf(event, this.routingKey)];
    if (errors.length > 0) {
      this.complaints.push(`PagerDuty: ${errors.join('; ')}`);
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
    }
    this.events.push(event);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: event.dedup_key } };
  }
}

function problemsOfRequest(asked: Asked): string[] {
  return [
    ...(asked.method === 'POST' && asked.path === '/v2/enqueue' ? [] : [`${asked.method} ${asked.path}`]),
    ...(/^application\/json(;|$)/.test(asked.headers['content-type'] ?? '') ? [] : ['expected application/json']),
    ...(asked.body.length <= MOST_BYTES ? [] : [`${asked.body.length} bytes`]),
  ];
}

function problemsOf(event: PagerEvent, routingKey: string): string[] {
  const hasKey = typeof event.dedup_key === 'string' && event.dedup_key !== '' && event.dedup_key.length <= DEDUP_KEY;
  return [
    ...(event.routing_key === routingKey ? [] : ['routing_key is not that of a service']),
    ...(ACTIONS.includes(event.event_action) ? [] : [`event_action ${event.event_action}`]),
    ...(hasKey ? [] : [`dedup_key ${event.dedup_key}`]),
    ...(event.event_action === 'trigger' ? problemsOfTrigger(event) : []),
  ];
}

function problemsOfTrigger({ payload, links = [] }: PagerEvent): string[] {
  const isText = (text: unknown, most: number) => typeof text === 'string' && text !== '' && text.length <= most;
  const isMoment = payload?.timestamp === undefined || !Number.isNaN(Date.parse(payload.timestamp));
  const texts = ['component', 'group', 'class'].filter((name) => !['undefined', 'string'].includes(typeof payload?.[name]));
  return [
    ...(isText(payload?.summary, SUMMARY) ? [] : ['payload.summary']),
    ...(isText(payload?.source, SUMMARY) ? [] : ['payload.source']),
    ...(SEVERITIES.includes(payload?.severity) ? [] : [`payload.severity ${payload?.severity}`]),
    ...(isMoment ? [] : ['payload.timestamp']),
    ...texts.map((name) => `payload.${name}`),
    ...links.filter((link: PagerEvent) => !URL.canParse(link.href)).map((link: PagerEvent) => `links ${link.href}`),
  ];
}
