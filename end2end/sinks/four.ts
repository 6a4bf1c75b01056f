// Four ways to people, opened together: a chat, a mail server, PagerDuty, and a server of one's own. Each speaks its provider's format and
// complains of what that provider would refuse; here is said in one word what each was told, so that a journey can compare them.

import type { Form } from '../desk';
import type { House } from '../house';
import { header, MailServer, type Mail } from './mail';
import { PagerDuty, type PagerEvent } from './pagerduty';
import { heading, Slack, type Message } from './slack';
import { Webhook } from './webhook';

/** What a page is for. */
export type Kind = 'fired' | 'again' | 'acknowledged' | 'updated' | 'resolved';
/** What each was told, in order. */
export type ByChannel<T> = Record<'slack' | 'mail' | 'pagerduty' | 'webhook', T>;

/** How an alert is called, in both languages. */
export interface Named {
  ja: string;
  en: string;
}

/** The house may reach what stands on this machine, and tests no channel by itself meanwhile. */
export const OPEN_HOUSE = { MIMAMORI_CHANNELS_ALLOW: '127.0.0.0/8', MIMAMORI_DRILL_AT: 'off' };

/** Who reads mails: the first is whose mails are looked at. */
export const READERS = ['oncall@kura.example', 'sre@kura.example'];
export const SENDER = 'alerts@kura.example';

/** The words of headings and subjects, as the channels of these journeys are set up: in Japanese, PagerDuty in English. */
const JA: Record<string, Kind> = { 発報: 'fired', 継続中: 'again', 対応中: 'acknowledged', 一部解消: 'updated', 解消: 'resolved' };

export class Four {
  readonly slack: Slack;
  readonly mail: MailServer;
  readonly pagerduty: PagerDuty;
  readonly webhook: Webhook;

  private constructor(slack: Slack, mail: MailServer, pagerduty: PagerDuty, webhook: Webhook) {
    this.slack = slack;
    this.mail = mail;
    this.pagerduty = pagerduty;
    this.webhook = webhook;
  }

  /** Opens all four; whoever presses in Slack has this address. */
  static async open(email: string): Promise<Four> {
    return new Four(await Slack.open(email), await MailServer.open(), await PagerDuty.open(), await Webhook.open());
  }

  async close(): Promise<void> {
    await Promise.all([this.slack.close(), this.mail.close(), this.pagerduty.close(), this.webhook.close()]);
  }

  /** What any of them would have refused of its real provider. */
  complaints(): string[] {
    return [this.slack, this.mail, this.pagerduty, this.webhook].flatMap((sink) => sink.complaints);
  }

  /** What is filled in to set each of them up. */
  forms(): Form[] {
    return [
      {
        name: 'slack',
        kind: 'Slack（アプリ）',
        fields: { ボットトークン: this.slack.token, チャンネル: '#alerts', 署名シークレット: this.slack.secret, 'API のアドレス': this.slack.api },
      },
      mailForm(this.mail),
      {
        name: 'pagerduty',
        kind: 'PagerDuty',
        fields: { インテグレーションキー: this.pagerduty.routingKey, 'API のアドレス': this.pagerduty.api },
        choices: { 言語: 'en' },
      },
      {
        name: 'webhook',
        kind: 'Webhook',
        fields: { 送信先のアドレス: this.webhook.url, 署名シークレット: this.webhook.secret, 'Authorization ヘッダー': this.webhook.authorization },
      },
    ];
  }

  /** What each was told of the alerts of this name. */
  told(name: Named): ByChannel<Kind[]> {
    return {
      slack: this.slack.about(name.ja).flatMap((message) => saidInSlack(message, name.ja)),
      mail: this.mails(name).map(subjectKind),
      pagerduty: this.pagerduty.about(name.en).map(eventKind),
      webhook: this.webhook.about(name.ja).map(({ type }) => type.slice('alert.'.length) as Kind),
    };
  }

  /** The mails about it to one of the readers. */
  mails(name: Named, reader = READERS[0]): Mail[] {
    return this.mail.for(reader).filter((mail) => header(mail, 'subject').endsWith(name.ja));
  }

  /** The number of the newest alert of this name, as its webhook says it. */
  number(name: Named): string {
    const newest = this.webhook.about(name.ja).at(-1)?.data.alerts.at(-1);
    if (!newest) throw new Error(`nobody was told of ${name.ja}`);
    return newest.id;
  }

  /** How many tests came. */
  tests(): ByChannel<number> {
    return {
      slack: this.slack.about('通知先のテスト').length,
      mail: this.mail.for(READERS[0]).filter((mail) => header(mail, 'subject').startsWith('[テスト]')).length,
      pagerduty: this.pagerduty.events.filter((event) => event.payload?.summary.startsWith('[Test]')).length,
      webhook: this.webhook.told.filter(({ type }) => type === 'alert.test').length,
    };
  }
}

/** What is filled in to set up a mail server. */
export function mailForm(mail: MailServer): Form {
  return {
    name: 'mail',
    kind: 'メール',
    fields: { 'SMTP サーバー': '127.0.0.1', ポート: String(mail.port), 差出人: `Mimamori <${SENDER}>`, 宛先: READERS.join(', ') },
    choices: { 暗号化: 'none' },
  };
}

/** The same for each of them. */
export function each<T>(value: T): ByChannel<T> {
  return { slack: value, mail: value, pagerduty: value, webhook: value };
}

/** A message is posted once and changed afterwards: `🚨 name`, `👀 対応中: name`. */
function saidInSlack(message: Message, name: string): Kind[] {
  const word = (said: string) => said.slice(0, -name.length).split(' ')[1]?.replace(':', '') ?? '';
  return message.said.map((said) => JA[word(heading(said))] ?? 'fired');
}

/** `[緊急] 発報: name`. */
function subjectKind(mail: Mail): Kind {
  return JA[header(mail, 'subject').match(/^\[[^\]]+\] ([^:]+):/)?.[1] ?? ''];
}

/** Acknowledging and resolving have words of their own; a trigger says in its summary whether it is the first one. */
function eventKind(event: PagerEvent): Kind {
  if (event.event_action === 'acknowledge') return 'acknowledged';
  if (event.event_action === 'resolve') return 'resolved';
  return event.payload.summary.includes('] Still firing:') ? 'again' : 'fired';
}

/** Where the console of a house shows an alert. */
export function alertUrl(house: House, number: string): string {
  return `${house.url}/alerts/${number}`;
}
