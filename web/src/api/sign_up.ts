import { useQuery } from '@tanstack/react-query';
import { getSignUpPolicy } from './client';
import type { SignUpPolicy } from './types';

export interface SignUp {
  /** Null until it is known. */
  policy: SignUpPolicy | null;
  /** Whoever looks may try by themselves. */
  offered: boolean;
}

/** Who may make an account here; that changes with a restart of the server alone. */
export function useSignUp(): SignUp {
  const asked = useQuery({
    queryKey: ['signup'],
    queryFn: ({ signal }) => getSignUpPolicy(signal),
    staleTime: Infinity,
  });
  const policy = asked.data ?? null;
  return { policy, offered: policy?.signup === 'open' || policy?.signup === 'domains' };
}
