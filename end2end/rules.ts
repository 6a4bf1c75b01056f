// Rules that come true within seconds, over what is really measured. The format is that of server/alerting/rules.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house';

/** What an installation starts with. */
export const infrastructure = readFileSync(join(__dirname, '..', 'server', 'alerting', 'rules', 'infrastructure.yaml'), 'utf8');

/** A processor that is busy for ten seconds. It goes on firing for a while, so that a restart in between changes nothing. */
export const busyProcessor = `
groups:
  - name: journey-load
    interval: 5s
    rules:
      - id: busy-processor
        name: {ja: プロセッサの負荷, en: Processor load}
        summary: {ja: "{{host}} のプロセッサが忙しい", en: "The processor of {{host}} is busy"}
        expr: 100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode="idle"}[20s])))
        condition: ">= 30"
        unit: percent
        for: 10s
        keep_firing_for: 5m
        severity: P2
`;

/** How the alert of `busyProcessor` reads. */
export const busyProcessorSays = (house: House) => `${house.host} のプロセッサが忙しい`;

/** Two conditions that hold on every machine: it has memory, and it has been started at some time. */
export const alwaysTrue = `
groups:
  - name: journey-always
    interval: 1s
    rules:
      - id: has-memory
        name: {ja: メモリの量, en: Amount of memory}
        summary: {ja: "{{host}} にメモリがある", en: "{{host}} has memory"}
        expr: node_memory_MemTotal_bytes
        condition: "> 0"
        unit: bytes
        severity: P1
        runbook:
          ja: |
            1. メモリの量を確かめる。
            2. 足りていれば何もしない。
          en: |
            1. Check the amount of memory.
            2. If it is enough, do nothing.
      - id: was-started
        name: {ja: 起動の時刻, en: Time of the start}
        summary: {ja: "{{host}} は起動している", en: "{{host}} has been started"}
        expr: node_boot_time_seconds
        condition: "> 0"
        severity: P3
`;

/** How the first alert of `alwaysTrue` reads. */
export const hasMemorySays = (house: House) => `${house.host} にメモリがある`;
/** How the second one reads. */
export const wasStartedSays = (house: House) => `${house.host} は起動している`;

/** A processor that has nothing to spare for five seconds. It is over as soon as the load is. */
export const overload = `
groups:
  - name: journey-overload
    interval: 2s
    rules:
      - id: processor-overload
        name: {ja: プロセッサの過負荷, en: Processor overload}
        summary: {ja: "{{host}} のプロセッサに余裕がない", en: "The processor of {{host}} has nothing to spare"}
        expr: 100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode="idle"}[15s])))
        condition: ">= 70"
        unit: percent
        for: 5s
        severity: P0
`;

/** How the alert of `overload` is called. */
export const overloadName = { ja: 'プロセッサの過負荷', en: 'Processor overload' };
/** How it reads. */
export const overloadSays = (house: House) => `${house.host} のプロセッサに余裕がない`;

/** Rules that hold on every machine and are alike but for their names: one is acted on, by the other one sees what would have happened. */
export const alike = (severity: string, ...ids: string[]) => `
groups:
  - name: journey-alike
    interval: 1s
    rules:${ids.map((id) => alikeRule(severity, id)).join('')}
`;

const alikeRule = (severity: string, id: string) => `
      - id: ${id}
        name: {ja: ${id}, en: ${id}}
        summary: {ja: "{{host}}: ${id}", en: "{{host}}: ${id}"}
        expr: node_memory_MemTotal_bytes
        condition: "> 0"
        unit: bytes
        severity: ${severity}`;

/** How the alert of one of `alike` is called. */
export const alikeName = (id: string) => ({ ja: id, en: id });
/** How it reads. */
export const alikeSays = (house: House, id: string) => `${house.host}: ${id}`;

/** The routes: whatever has this severity calls people by the policy, and everything else goes where it went. */
export const pagesBy = (policy: string, severity: string) => `
routes:
  name: default
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 4h
  routes:
    - name: people
      match: [severity=${severity}]
      escalation: ${policy}
`;
