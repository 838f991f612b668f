import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath, type Started, startApi, startUi } from './support.js';

const skip = chromiumPath === undefined ? 'Chromium is not installed (no chromium in PATH)' : false;

describe('the page in Chromium', { skip }, () => {
  let api: Started;
  let ui: Started;
  let browser: Browser;

  before(async () => {
    api = await startApi();
    ui = await startUi(api.url);
    // Containers and CI have no user namespaces for Chromium's own sandbox.
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  });

  after(async () => {
    await browser.close();
    await ui.stop();
    await api.stop();
  });

  /** Opens the page; fails the test on any error in the console and any request to another origin. */
  async function open(context: TestContext, url = `${ui.url}/`, options: BrowserContextOptions = {}): Promise<Page> {
    const browserContext = await browser.newContext(options);
    const page = await browserContext.newPage();
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
      // The browser itself reports replies such as 503; those are what some tests are about.
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        trouble.push(message.text());
    });
    page.on('request', (asked) => {
      if (!asked.url().startsWith(url) && !asked.url().startsWith('blob:')) trouble.push(`asked for ${asked.url()}`);
    });
    context.after(async () => {
      await browserContext.close();
      assert.deepEqual(trouble, []);
    });
    await page.goto(url);
    return page;
  }

  test('judges a review by keyboard alone, and shows how sure it is and which words pushed it', async (context) => {
    const page = await open(context);
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the review');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Not GOOD at all: a waste of time, but été.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Negative', { exact: true }).waitFor();
    assert.match((await page.locator('#sureness').textContent()) ?? '', /^\d\d\.\d % confident$/);
    const words = await page
      .locator('#words tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.children].slice(0, 2).map((cell) => cell.firstChild?.textContent)),
      );
    assert.deepEqual(words, [
      ['not good', '−2.75'],
      ['good', '+1.25'],
      ['waste of', '−1.00'],
      ['été', '+0.50'],
    ]);
    assert.equal(await page.locator('#marked').textContent(), 'Not GOOD at all: a waste of time, but été.');
    assert.deepEqual(await page.locator('#marked mark.negative').allTextContents(), ['Not', 'GOOD', 'waste', 'of']);
  });

  test('shows review text as text, whatever it holds', async (context) => {
    const page = await open(context);
    await page.locator('#review').fill('<img src=x onerror="document.title=1"> good');
    await page.locator('#single button.primary').click();
    await page.getByText('Positive', { exact: true }).waitFor();
    assert.equal(await page.locator('#marked img').count(), 0);
    assert.equal(await page.title(), 'Film review sentiment');
  });

  test('shows the model, its metrics, and that it is synthetic', async (context) => {
    const page = await open(context);
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    await page.getByText('It learned from generated text: these numbers say nothing about real reviews.').waitFor();
    const facts = await page
      .locator('aside dl div')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent).join(': ')));
    for (const fact of ['Version: v1.2.0', 'Learned from: 800 texts', 'Accuracy: 75.0 %', 'ROC AUC: 0.800']) {
      assert.ok(facts.includes(fact), facts.join('\n'));
    }
  });

  test('judges pasted lines, and offers all of them for download', async (context) => {
    const page = await open(context);
    const lines = ['wonderful', '', 'awful, truly', ...Array.from({ length: 130 }, (_, index) => `good ${index}`)];
    await page.locator('#lines').fill(lines.join('\n'));
    await page.locator('#start').click();
    await page.getByText('Done: 131 positive (99 %), 1 negative (1 %).').waitFor();
    assert.equal(await page.locator('#progress').evaluate((bar) => (bar as HTMLProgressElement).position), 1);
    const downloading = page.waitForEvent('download');
    await page.locator('#download').click();
    const csv = await readFile(await (await downloading).path(), 'utf8');
    const rows = csv.split('\r\n');
    assert.equal(rows[0], '\ufefftext,predicted_sentiment,confidence,model_version,problem');
    assert.match(rows[1] ?? '', /^wonderful,positive,0\.\d{6},v1\.2\.0,$/);
    assert.match(rows[2] ?? '', /^"awful, truly",negative,0\.\d{6},v1\.2\.0,$/);
    assert.equal(rows.length, 134);
  });

  test('judges a dropped CSV file, keeps its columns, and says why a text was not judged', async (context) => {
    const page = await open(context);
    const csv = `id,review\n7,"bad, ""very"" bad"\n8,${'x'.repeat(20_001)}\n9,\n`;
    await page.locator('#batch').evaluate((form, content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'reviews.csv', { type: 'text/csv' }));
      form.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, csv);
    await page.getByText('Done: 0 positive (0 %), 1 negative (100 %), 2 not judged.').waitFor();
    const shown = await page.locator('#rows tr').evaluateAll((rows) => rows.map((row) => row.children[1]?.textContent));
    assert.deepEqual(shown, [
      'negative',
      'Not judged: it must not have more than 20000 characters',
      'Not judged: it is blank',
    ]);
    const downloading = page.waitForEvent('download');
    await page.locator('#download').click();
    const written = await readFile(await (await downloading).path(), 'utf8');
    assert.match(
      written,
      /^\ufeffid,review,predicted_sentiment,confidence,model_version,problem\r\n7,"bad, ""very"" bad",neg/,
    );
  });

  test('stops when told, and keeps what was judged', async (context) => {
    const page = await open(context);
    let batches = 0;
    await page.route('**/predict/batch', async (route) => {
      batches += 1;
      if (batches === 1) await route.continue();
    });
    await page.locator('#lines').fill(Array.from({ length: 100 }, (_, index) => `good ${index}`).join('\n'));
    await page.locator('#start').click();
    await page.getByText('64 of 100').waitFor();
    await page.locator('#cancel').click();
    await page.getByText('Done: 64 positive').waitFor();
    assert.equal(await page.locator('#download').isEnabled(), true);
  });

  test('says when the API is away, and works again when it is back', async (context) => {
    const temporary = await startApi();
    const proxied = await startUi(temporary.url);
    const port = Number(new URL(temporary.url).port);
    const page = await open(context, `${proxied.url}/`);
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    await temporary.stop();
    await page.locator('#review').fill('good');
    await page.locator('#single button.primary').click();
    await page.getByRole('alert').filter({ hasText: 'The model cannot answer now' }).waitFor();
    await page.getByText('Not ready').waitFor();
    assert.match((await page.locator('#single-problem').textContent()) ?? '', /^The API cannot be reached/);
    const back = await startApi(port);
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    assert.equal(await page.locator('#notice').isVisible(), false);
    assert.equal(await page.locator('#review').inputValue(), 'good');
    await proxied.stop();
    await back.stop();
  });

  test('works below any prefix, since all its addresses are relative', async (context) => {
    const prefix = '/preview/sentiment/';
    const gateway = createServer((incoming, outgoing) => {
      const path = incoming.url ?? '';
      if (!path.startsWith(prefix)) {
        outgoing.writeHead(404).end();
        return;
      }
      const { method, headers } = incoming;
      const onward = request(`${ui.url}/${path.slice(prefix.length)}`, { method, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    context.after(() => {
      gateway.close();
      gateway.closeAllConnections();
    });
    const { port } = gateway.address() as AddressInfo;
    const page = await open(context, `http://127.0.0.1:${port}${prefix}`);
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    await page.locator('#example').click();
    await page.getByText('Positive', { exact: true }).waitFor();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has no accessibility violation that axe finds, ${colorScheme}`, async (context) => {
      const page = await open(context, `${ui.url}/`, { colorScheme, bypassCSP: true });
      await page.getByText('Ready: sentiment v1.2.0').waitFor();
      await page.locator('#example').click();
      await page.locator('#lines').fill('good\nbad\0\n');
      await page.locator('#start').click();
      await page.getByText('Done:').waitFor();
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core') });
      const violations = () =>
        page.evaluate(async () => {
          const { axe } = globalThis as unknown as { readonly axe: typeof import('axe-core') };
          const runOnly = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const found = await axe.run(document, { runOnly });
          return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        });
      assert.deepEqual(await violations(), []);
      await page.locator('label[for=review]').evaluate((label) => label.remove());
      assert.match((await violations()).join(), /label/, 'axe finds a label that is missing');
    });
  }

  test('fits a narrow screen without scrolling sideways', async (context) => {
    const page = await open(context, `${ui.url}/`, { viewport: { width: 320, height: 640 } });
    await page.getByText('Ready: sentiment v1.2.0').waitFor();
    await page.locator('#example').click();
    await page.locator('#verdict').waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  });
});
