import http from 'node:http';
import { expect } from 'vitest';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request with exactly these headers: fetch has ideas of its own about Host, Origin and cookies. */
export function ask(base: string, path: string, o: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const options = { hostname, port, path, method: o.method ?? 'GET', headers: o.headers ?? {} };
    const request = http.request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        text += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    request.on('error', reject);
    request.end(o.body);
  });
}

/** An error as scripts and people need it: a class, what was wrong, what to do; no stack. */
export function expectProblem(answer: Answer, status: number, code: string, message: RegExp): void {
  expect(answer.status).toBe(status);
  const problem = JSON.parse(answer.text);
  expect(problem).toMatchObject({ code, message: expect.stringMatching(message) });
  if ('data' in problem) expect(problem.data.action).toMatch(/\w/);
  expect(answer.text).not.toMatch(/\bat .*\.[jt]s|node_modules|node:internal|Error:/);
}
