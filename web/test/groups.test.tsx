import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Group, GroupMember } from '../src/api/types';
import { ada, FakeServer, show } from './app';

let server: FakeServer;

const algebra: Group = {
  id: 'g1',
  name: 'Algebra',
  kind: 'course',
  external_name: null,
  members: 1,
  created_at: '2026-11-28T10:00:00.000Z',
};
const eve: GroupMember = {
  id: 'u2',
  name: 'Eve Oak',
  email: 'eve@example.org',
  added_at: '2026-11-28T10:00:00.000Z',
  source: 'hand',
};

beforeEach(() => {
  server = new FakeServer();
  server.list([]);
  server.session({ ...ada, role: 'admin' });
  server.on('GET /api/v2/groups', 200, { items: [algebra] });
  server.on('GET /api/v2/groups/g1/members', 200, { items: [eve] });
});
afterEach(() => vi.unstubAllGlobals());

describe('groups', () => {
  it('are administrators\u2019 business', async () => {
    server.session({ ...ada, role: 'moderator' });
    show('/groups');
    expect(await screen.findByText(/^Only administrators/)).toBeTruthy();
    expect(server.count('GET /api/v2/groups')).toBe(0);
    await userEvent.click(screen.getByRole('button', { name: 'Account of Ada Lovelace' }));
    expect(await screen.findByRole('menuitem', { name: 'Account' })).toBeTruthy();
    expect(screen.queryByRole('menuitem', { name: 'Groups' })).toBeNull();
  });

  it('are reached by the menu, and lead to their members', async () => {
    const { where } = show('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Groups' }));
    expect(where()).toBe('/groups');
    expect(await screen.findByText('Course · 1 member')).toBeTruthy();
    await userEvent.click(screen.getByRole('link', { name: 'Algebra' }));
    expect(await screen.findByText('eve@example.org')).toBeTruthy();
    expect(where()).toBe('/groups/g1');
  });

  it('are made, with a name that is free', async () => {
    show('/groups');
    const make = await screen.findByRole('button', { name: 'Make the group' });
    await userEvent.click(make);
    expect(screen.getByText('This field is required.')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Name'), ' Biology ');
    await userEvent.click(screen.getByRole('radio', { name: 'Department' }));
    server.on('POST /api/v2/groups', 409, { detail: 'There is a group \u2018Biology\u2019 already' });
    await userEvent.click(make);
    expect(await screen.findByText(/already/)).toBeTruthy();
    const biology = { ...algebra, id: 'g2', name: 'Biology' };
    server.on('POST /api/v2/groups', 201, biology);
    server.on('GET /api/v2/groups', 200, { items: [algebra, biology] });
    await userEvent.click(make);
    expect(await screen.findByRole('link', { name: 'Biology' })).toBeTruthy();
    expect(server.last('POST')?.body).toEqual({ name: 'Biology', kind: 'department' });
    expect(screen.getByLabelText('Name')).toHaveProperty('value', '');
  });

  it('are deleted once that is meant', async () => {
    vi.stubGlobal('confirm', () => false);
    show('/groups');
    const remove = await screen.findByRole('button', { name: 'Delete Algebra' });
    await userEvent.click(remove);
    expect(server.last('DELETE')).toBeUndefined();
    vi.stubGlobal('confirm', () => true);
    server.on('DELETE /api/v2/groups/g1', 204);
    server.on('GET /api/v2/groups', 200, { items: [] });
    await userEvent.click(remove);
    expect(await screen.findByText('There are no groups yet.')).toBeTruthy();
  });
});

describe('the members of a group', () => {
  it('are added by e-mail, and taken out', async () => {
    show('/groups/g1');
    const email = await screen.findByLabelText('E-mail of a user');
    await userEvent.type(email, 'bob@example.org');
    server.on('POST /api/v2/groups/g1/members', 400, { detail: 'Nobody here has the e-mail address' });
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText(/^Nobody here has/)).toBeTruthy();
    const bob = { ...eve, id: 'u3', email: 'bob@example.org' };
    server.on('POST /api/v2/groups/g1/members', 201, bob);
    server.on('GET /api/v2/groups/g1/members', 200, { items: [bob, eve] });
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    const take = await screen.findByRole('button', { name: 'Take out bob@example.org' });
    expect(server.last('POST')?.body).toEqual({ email: 'bob@example.org' });
    server.on('DELETE /api/v2/groups/g1/members/u3', 204);
    server.on('GET /api/v2/groups/g1/members', 200, { items: [eve] });
    await userEvent.click(take);
    await waitFor(() => expect(screen.queryByText('bob@example.org')).toBeNull());
  });

  it('come from a list, all or nobody', async () => {
    show('/groups/g1');
    const input = await screen.findByLabelText('CSV file');
    server.on('PUT /api/v2/groups/g1/members', 400, { detail: 'Nobody here has x@example.org' });
    const csv = new File(['email\neve@example.org\n'], 'course.csv', { type: 'text/csv' });
    // jsdom's files have none.
    Object.assign(csv, { text: () => Promise.resolve('email\neve@example.org\n') });
    await userEvent.upload(input, csv);
    expect(await screen.findByText(/^Nobody here has/)).toBeTruthy();
    server.on('PUT /api/v2/groups/g1/members', 200, { members: 1, added: 0, removed: 2 });
    await userEvent.upload(input, csv);
    expect(await screen.findByText('1 member now: 0 came, 2 went.')).toBeTruthy();
    expect(server.last('PUT')?.body).toEqual({ csv: 'email\neve@example.org\n' });
    expect(screen.queryByText(/^Nobody here has/)).toBeNull();
  });

  it('of an unknown group are nobody', async () => {
    show('/groups/other');
    expect(await screen.findByText('There is no such group.')).toBeTruthy();
  });
});

describe('members by log-in', () => {
  it('are told apart from those whom somebody added', async () => {
    const items: GroupMember[] = [eve, { ...eve, id: 'u3', email: 'bob@example.org', source: 'openid' }];
    server.on('GET /api/v2/groups/g1/members', 200, { items });
    show('/groups/g1');
    expect(await screen.findByText('added here')).toBeTruthy();
    expect(screen.getByText('by OpenID log-in')).toBeTruthy();
  });

  it('come by the external name, which is set and taken away', async () => {
    show('/groups/g1');
    await userEvent.type(await screen.findByLabelText('External name'), ' /courses/algebra ');
    const named = { ...algebra, external_name: '/courses/algebra' };
    server.on('PATCH /api/v2/groups/g1', 200, named);
    server.on('GET /api/v2/groups', 200, { items: [named] });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/^Saved/)).toBeTruthy();
    expect(server.last('PATCH')?.body).toEqual({ external_name: '/courses/algebra' });
    await userEvent.clear(await screen.findByDisplayValue('/courses/algebra'));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(server.last('PATCH')?.body).toEqual({ external_name: '' }));
  });

  it('are told of in the list of groups', async () => {
    server.on('GET /api/v2/groups', 200, { items: [{ ...algebra, external_name: 'alg' }] });
    show('/groups');
    expect(await screen.findByText('Course · 1 member · called alg at log-ins')).toBeTruthy();
  });
});
