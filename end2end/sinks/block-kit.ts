// What Slack refuses of a message: docs.slack.dev, "Block Kit reference", as far as our messages use it.

/** A block or a part of one, as it came. */
export type Block = Record<string, any>;

const BLOCKS = 50;
const HEADER = 150;
const SECTION = 3_000;
const FIELD = 2_000;
const FIELDS = 10;
const ALT = 2_000;
const ELEMENTS = 25;
const BUTTON = 75;
const ACTION_ID = 255;
const VALUE = 2_000;
const URL_LENGTH = 3_000;

/** Everything that is wrong with the blocks of a message; `files` are those that Slack has. */
export function problemsOf(blocks: unknown, files: string[]): string[] {
  if (!Array.isArray(blocks) || blocks.length === 0) return ['blocks: expected at least one'];
  const ids = blocks.map((block: Block) => block.block_id).filter((id) => id !== undefined);
  return [
    ...(blocks.length > BLOCKS ? [`blocks: ${blocks.length} are more than ${BLOCKS}`] : []),
    ...(new Set(ids).size < ids.length ? ['blocks: a block_id stands twice'] : []),
    ...blocks.flatMap((block: Block, index) => problemsOfBlock(block, files).map((problem) => `blocks[${index}]: ${problem}`)),
  ];
}

function problemsOfBlock(block: Block, files: string[]): string[] {
  switch (block.type) {
    case 'header':
      return problemsOfText(block.text, ['plain_text'], HEADER);
    case 'section':
      return problemsOfSection(block);
    case 'image':
      return problemsOfImage(block, files);
    case 'actions':
      return problemsOfActions(block);
    default:
      return [`there is no block of the type ${block.type}`];
  }
}

function problemsOfSection(block: Block): string[] {
  if (block.text === undefined && block.fields === undefined) return ['section: expected text or fields'];
  const text = block.text === undefined ? [] : problemsOfText(block.text, ['plain_text', 'mrkdwn'], SECTION);
  const fields: Block[] = block.fields ?? [];
  const isTooMany = block.fields !== undefined && (fields.length < 1 || fields.length > FIELDS);
  return [
    ...text,
    ...(isTooMany ? [`section: ${fields.length} fields`] : []),
    ...fields.flatMap((field) => problemsOfText(field, ['plain_text', 'mrkdwn'], FIELD)),
  ];
}

function problemsOfImage(block: Block, files: string[]): string[] {
  const id = block.slack_file?.id;
  const hasAlt = typeof block.alt_text === 'string' && block.alt_text.length > 0 && block.alt_text.length <= ALT;
  return [
    ...(files.includes(id) ? [] : [`image: slack_file ${id} was never completed`]),
    ...(hasAlt ? [] : ['image: expected an alt_text']),
  ];
}

function problemsOfActions(block: Block): string[] {
  const elements: Block[] = block.elements ?? [];
  const ids = elements.map((element) => element.action_id);
  return [
    ...(elements.length < 1 || elements.length > ELEMENTS ? [`actions: ${elements.length} elements`] : []),
    ...(new Set(ids).size < ids.length ? ['actions: an action_id stands twice'] : []),
    ...elements.flatMap(problemsOfButton),
  ];
}

function problemsOfButton(button: Block): string[] {
  const isWithin = (text: unknown, most: number) => text === undefined || (typeof text === 'string' && text.length <= most);
  return [
    ...(button.type === 'button' ? [] : [`actions: there is no element of the type ${button.type}`]),
    ...problemsOfText(button.text, ['plain_text'], BUTTON),
    ...(typeof button.action_id === 'string' && isWithin(button.action_id, ACTION_ID) ? [] : ['button: expected an action_id']),
    ...(isWithin(button.value, VALUE) ? [] : ['button: the value is too long']),
    ...(isWithin(button.url, URL_LENGTH) ? [] : ['button: the url is too long']),
    ...([undefined, 'primary', 'danger'].includes(button.style) ? [] : [`button: there is no style ${button.style}`]),
  ];
}

function problemsOfText(text: Block | undefined, types: string[], most: number): string[] {
  if (!text || !types.includes(text.type)) return [`text: expected ${types.join(' or ')}, found ${text?.type}`];
  if (typeof text.text !== 'string' || text.text.length < 1 || text.text.length > most) {
    return [`text: expected 1 to ${most} characters, found ${text.text?.length}`];
  }
  if (text.type === 'plain_text' && text.verbatim !== undefined) return ['text: verbatim belongs to mrkdwn'];
  if (text.type === 'mrkdwn' && text.emoji !== undefined) return ['text: emoji belongs to plain_text'];
  return [];
}
