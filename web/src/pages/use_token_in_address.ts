import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';

/** The token behind the "#", which is taken out of the address: it is not to stay in the browser's history. */
export function useTokenInAddress(): string {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(hash.slice(1));
  useEffect(() => {
    if (hash === '') return;
    setToken(hash.slice(1));
    navigate({ hash: '' }, { replace: true });
  }, [hash, navigate]);
  return token;
}
