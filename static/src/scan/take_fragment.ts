/**
 * First import of `/q`: takes the code out of the address before anything else happens, so that neither history, nor a
 * copied address, nor another script finds it there. A code is good once and for seconds; still, it is nobody else's.
 */
export function takeFragment(): string | null {
  const fragment = location.hash.slice(1);
  if (location.hash !== "" || location.pathname !== "/q") history.replaceState(null, "", `/q${location.search}`);
  return fragment === "" ? null : fragment;
}

export const taken = takeFragment();
