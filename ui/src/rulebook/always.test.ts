import { expect, test } from 'vitest';
import { turnsAway } from './always';

test('a step whose last way has no condition does not go on', () => {
  const definition = `
[[step]]
name  = "approve"
go    = [{ to = "major", when = { field = "grave", is = ["yes"] } }]
[[step]]
name  = "write_off"
go    = [{ to = "done" }]
[[step]]
name = "test"
go = [
    { to = "done", when = { field = "pieces", below = 1 } }, { to = "test" }]
`;
  expect([...turnsAway(definition)]).toEqual(['write_off', 'test']);
});

test('steps within one list are read as well', () => {
  const definition = `step = [
    { name = "review", hands = [{ as = "maker" }],
        go = [{ to = "update", when = { field = "verdict", is = ["revise"] } }, { to = "renew" }] },
    { name = "update", hands = [{ as = "maker" }] }]`;
  expect([...turnsAway(definition)]).toEqual(['review']);
  expect([...turnsAway('')]).toEqual([]);
});
