/** The page asks for a connection with this message; its port travels on under the same name to the main process. */
export const CONNECT = 'tidemark:connect';
