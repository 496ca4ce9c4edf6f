// Begin the keys of all that is known of users.
export const usersKey = ['admin', 'users'] as const;
export const quotasKey = ['admin', 'quotas'] as const;
