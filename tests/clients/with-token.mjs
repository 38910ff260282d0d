// Preloaded into the conformance suite, which knows no token: each request that it sends carries CAIRN_TOKEN.
import { Agent, setGlobalDispatcher } from 'undici';

const authorization = `Bearer ${process.env.CAIRN_TOKEN}`;
const withToken = (dispatch) => (options, handler) => {
  const headers = Array.isArray(options.headers)
    ? [...options.headers, 'authorization', authorization]
    : typeof options.headers?.[Symbol.iterator] === 'function'
      ? [...options.headers, ['authorization', authorization]]
      : { ...options.headers, authorization };
  return dispatch({ ...options, headers }, handler);
};
setGlobalDispatcher(new Agent().compose(withToken));
