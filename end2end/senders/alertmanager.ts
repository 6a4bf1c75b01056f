// What Alertmanager sends to a webhook, version 4 (Prometheus' documentation, "Alerting configuration", `<webhook_config>`): one alert a
// request, which is a group of one.

import { createHash } from 'node:crypto';
import type { House } from '../house';

type Labels = Record<string, string>;

export class Alertmanager {
  private readonly url: string;
  private readonly key: string;
  /** Since when each alert fires. */
  private readonly since = new Map<string, string>();

  /** Sends to a house with the key of an integration. */
  constructor(house: House, key: string) {
    this.url = `${house.url}/hooks/in/alertmanager`;
    this.key = key;
  }

  async fire(alertname: string, labels: Labels): Promise<Response> {
    if (!this.since.has(alertname)) this.since.set(alertname, new Date().toISOString());
    return this.send('firing', { alertname, ...labels });
  }

  async resolve(alertname: string, labels: Labels): Promise<Response> {
    const answer = await this.send('resolved', { alertname, ...labels });
    this.since.delete(alertname);
    return answer;
  }

  private async send(status: 'firing' | 'resolved', labels: Labels): Promise<Response> {
    const { alertname } = labels;
    const annotations = { summary: says(alertname) };
    const alert = {
      status,
      labels,
      annotations,
      startsAt: this.since.get(alertname),
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
      generatorURL: `http://prometheus.example/graph?g0.expr=${alertname}`,
      fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
    };
    const body = {
      version: '4',
      groupKey: `{}:{alertname="${alertname}"}`,
      truncatedAlerts: 0,
      status,
      receiver: 'mimamori',
      groupLabels: { alertname },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'http://alertmanager.example',
      alerts: [alert],
    };
    const headers = { 'content-type': 'application/json', 'user-agent': 'Alertmanager/0.28.0', authorization: `Bearer ${this.key}` };
    return fetch(this.url, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}

/** How an alert of this name reads. */
export function says(alertname: string): string {
  return `${alertname} の監視で異常`;
}
