import { describe, expect, it } from 'vitest';
import { nameOf, nextPage } from '../src/user';
import { ada } from './app';

describe('nextPage', () => {
  it.each([
    ['', '/'],
    ['?next=%2Fsearch%3Fq%3Dfox', '/search?q=fox'],
    ['?next=https%3A%2F%2Fevil.example%2F', '/'],
    ['?next=%2F%2Fevil.example', '/'],
    ['?next=%2F%5Cevil.example', '/'],
    ['?next=%2F%09%2Fevil.example', '/'],
    ['?next=javascript%3Aalert(1)', '/'],
  ])('%s leads to %s', (search, page) => expect(nextPage(search)).toBe(page));
});

describe('nameOf', () => {
  it('falls back to what there is', () => {
    expect(nameOf(ada)).toBe('Ada Lovelace');
    expect(nameOf({ ...ada, first_name: '', last_name: '', username: 'ada' })).toBe('ada');
    expect(nameOf({ ...ada, first_name: '', last_name: '' })).toBe('ada@example.org');
  });
});
