export const FUNCTION_NODE_OPTIONS: string;
