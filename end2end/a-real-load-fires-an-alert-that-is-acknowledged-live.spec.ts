import { House } from './house';
import { Load } from './load';
import { hanako, setUp, signIn } from './people';
import { busyProcessor, busyProcessorSays } from './rules';
import { alertRow, documentOf, expect, isLive, test } from './screens';

let house: House;

test.beforeAll(async () => {
  house = await House.open('embedded');
});
test.afterAll(async () => {
  await house?.close();
});

test('a real load fires an alert that is acknowledged live', async ({ somebody, excused }) => {
  test.setTimeout(360_000);
  const desk = await somebody(house);
  await setUp(desk, house, hanako);
  await isLive(desk);
  const wall = await somebody(house);
  await wall.goto('/alerts');
  await signIn(wall, hanako);
  await expect(wall).toHaveURL('/alerts');
  await isLive(wall);
  const opened = await documentOf(wall);
  const onTheWall = alertRow(wall, busyProcessorSays(house));
  await house.apply(busyProcessor);

  const load = Load.start(300);
  try {
    // Ten seconds of load, two measurements before them, one evaluation after: with room for a slow machine.
    await expect(onTheWall.getByText('未対応')).toBeVisible({ timeout: 120_000 });

    await desk.goto('/alerts');
    await isLive(desk);
    await alertRow(desk, busyProcessorSays(house)).getByRole('button', { name: /^引き受ける/ }).click();
    await expect(onTheWall).toContainText('対応中');
    await expect(onTheWall).toContainText(hanako.name);
    expect(await documentOf(wall), 'the second browser was not loaded again').toBe(opened);
  } finally {
    load.stop();
  }

  // While the server is away both browsers lose their line, and say so.
  excused.push(/net::ERR_/, /status of 503/, /EventSource/);
  const away = { 'asked to restart': () => house.restart(), 'killed with -9': () => house.kill().then(() => house.start()) };
  for (const [how, goAway] of Object.entries(away)) {
    await test.step(`after the server was ${how}`, async () => {
      await goAway();
      await wall.goto('/alerts');
      await expect(onTheWall).toContainText('対応中');
      await expect(onTheWall).toContainText(hanako.name);
      await isLive(wall);
    });
  }
});
