// The providers that only take messages: Teams' workflows, Discord's webhooks, Twilio's text messages and calls, Slack's incoming webhooks.
// One server, a path for each.

import { randomBytes } from 'node:crypto';
import type { Form } from '../desk';
import { problemsOf } from './block-kit';
import { json, Listener, type Answer, type Asked } from './listener';

const NUMBER = /^\+\d{7,15}$/;
/** What a workflow takes. */
const CARD_BYTES = 28_000;
const EMBED = { title: 256, description: 4_096, fields: 25 };
/** Twilio refuses longer texts (error 21617), and longer TwiML. */
const SMS = 1_600;
const TWIML = 4_000;

export class Others {
  readonly complaints: string[] = [];
  /** By kind of channel: what was taken, in one line. */
  readonly told: Record<string, string[]> = { teams: [], discord: [], sms: [], voice: [], slackhook: [] };
  private readonly account = `AC${randomBytes(16).toString('hex')}`;
  private readonly token = randomBytes(16).toString('hex');
  private readonly secret = randomBytes(12).toString('hex');
  private listener!: Listener;

  static async open(): Promise<Others> {
    const others = new Others();
    others.listener = await Listener.open((asked) => others.answer(asked));
    return others;
  }

  async close(): Promise<void> {
    await this.listener.leave();
  }

  /** What is filled in to set each of them up. */
  forms(): Form[] {
    const { url } = this.listener;
    const phone = { 'アカウント SID': this.account, 認証トークン: this.token, 発信元: '+815012345678', 宛先: '+819012345678', 'API のアドレス': url };
    return [
      { name: 'teams', kind: 'Microsoft Teams', fields: { ワークフローのアドレス: `${url}/workflows/${this.secret}?sig=${this.secret}` } },
      { name: 'discord', kind: 'Discord', fields: { 'Webhook のアドレス': `${url}/webhooks/7/${this.secret}` } },
      { name: 'sms', kind: 'SMS', fields: phone },
      { name: 'voice', kind: '電話（音声）', fields: phone },
      { name: 'slackhook', kind: 'Slack（Incoming Webhook）', fields: { 'Webhook のアドレス': `${url}/services/T0/B0/${this.secret}` } },
    ];
  }

  private answer(asked: Asked): Answer {
    const twilio = `/2010-04-01/Accounts/${this.account}`;
    switch (asked.path) {
      case `/workflows/${this.secret}`:
        return this.teams(asked);
      case `/webhooks/7/${this.secret}`:
        return this.discord(asked);
      case `${twilio}/Messages.json`:
        return this.twilio(asked, 'sms', 'Body', SMS);
      case `${twilio}/Calls.json`:
        return this.twilio(asked, 'voice', 'Twiml', TWIML);
      case `/services/T0/B0/${this.secret}`:
        return this.slackhook(asked);
      default:
        return this.no(asked.path, 404);
    }
  }

  private no(why: string, status = 400): Answer {
    this.complaints.push(why);
    return { status, body: { code: status, message: why } };
  }

  /** An Adaptive Card in a message: learn.microsoft.com, "Create incoming webhooks with Workflows". */
  private teams(asked: Asked): Answer {
    const [attachment] = json(asked)?.attachments ?? [];
    const card = attachment?.content;
    const isCard = attachment?.contentType === 'application/vnd.microsoft.card.adaptive' && card?.type === 'AdaptiveCard';
    if (!isCard || !Array.isArray(card.body) || asked.body.length > CARD_BYTES) return this.no('Teams: this is no card');
    const isAction = (action: any) => action.type === 'Action.OpenUrl' && URL.canParse(action.url) && action.title;
    if (!card.actions.every(isAction)) return this.no(`Teams: ${JSON.stringify(card.actions)}`);
    this.told.teams.push(JSON.stringify(card.body));
    return { status: 202 };
  }

  /** An embed: discord.com/developers/docs, "Execute Webhook" with `wait=true`. */
  private discord(asked: Asked): Answer {
    const said = json(asked);
    const embed = said?.embeds?.[0];
    const isEmbed =
      embed?.title?.length <= EMBED.title && embed.description?.length <= EMBED.description && embed.fields?.length <= EMBED.fields;
    if (!isEmbed || asked.query.get('wait') !== 'true') return this.no('Discord: this is no embed');
    if (said.allowed_mentions?.parse?.length !== 0) return this.no('Discord: a label could call everybody');
    this.told.discord.push(`${embed.title} ${embed.description}`);
    return { status: 200, body: { id: '1129', type: 0, embeds: said.embeds } };
  }

  /** A form with basic authorization: twilio.com/docs, "Messages resource", "Calls resource". */
  private twilio(asked: Asked, kind: string, field: string, most: number): Answer {
    const basic = `Basic ${Buffer.from(`${this.account}:${this.token}`).toString('base64')}`;
    if (asked.headers.authorization !== basic) return this.no(`${kind}: authenticate`, 401);
    const form = new URLSearchParams(asked.body.toString('utf8'));
    const said = form.get(field) ?? '';
    const isWhole = NUMBER.test(form.get('To') ?? '') && NUMBER.test(form.get('From') ?? '') && said !== '' && said.length <= most;
    if (!isWhole) return this.no(`${kind}: ${asked.body.toString('utf8')}`);
    this.told[kind].push(said);
    return { status: 201, body: { sid: `SM${randomBytes(16).toString('hex')}`, status: 'queued' } };
  }

  private slackhook(asked: Asked): Answer {
    const said = json(asked);
    const problems = problemsOf(said?.blocks, []);
    if (problems.length > 0) return this.no(`invalid_blocks: ${problems.join('; ')}`);
    this.told.slackhook.push(said.text);
    return { status: 200, body: 'ok' };
  }
}
