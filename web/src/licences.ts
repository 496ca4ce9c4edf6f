import type { LicenceId } from './api/types';

interface Licence {
  name: string;
  /** Of its text. */
  address: string;
}

const commons = 'https://creativecommons.org';

/** What can be chosen, beside none and all rights reserved; in the order of the choice. */
export const licences: Record<Exclude<LicenceId, '' | 'all-rights-reserved'>, Licence> = {
  'CC-BY-4.0': { name: 'CC BY 4.0', address: `${commons}/licenses/by/4.0/` },
  'CC-BY-SA-4.0': { name: 'CC BY-SA 4.0', address: `${commons}/licenses/by-sa/4.0/` },
  'CC-BY-ND-4.0': { name: 'CC BY-ND 4.0', address: `${commons}/licenses/by-nd/4.0/` },
  'CC-BY-NC-4.0': { name: 'CC BY-NC 4.0', address: `${commons}/licenses/by-nc/4.0/` },
  'CC-BY-NC-SA-4.0': { name: 'CC BY-NC-SA 4.0', address: `${commons}/licenses/by-nc-sa/4.0/` },
  'CC-BY-NC-ND-4.0': { name: 'CC BY-NC-ND 4.0', address: `${commons}/licenses/by-nc-nd/4.0/` },
  'CC-BY-3.0': { name: 'CC BY 3.0', address: `${commons}/licenses/by/3.0/` },
  'CC-BY-SA-3.0': { name: 'CC BY-SA 3.0', address: `${commons}/licenses/by-sa/3.0/` },
  'CC0-1.0': { name: 'CC0 1.0', address: `${commons}/publicdomain/zero/1.0/` },
  'CC-PDM-1.0': { name: 'Public Domain Mark 1.0', address: `${commons}/publicdomain/mark/1.0/` },
};

export function licenceOf(id: LicenceId): Licence | null {
  return id === '' || id === 'all-rights-reserved' ? null : licences[id];
}
