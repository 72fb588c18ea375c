/** etcd reads a setting from every ETCD_ variable, and those in the shell are meant for other clusters. */
export function withoutEtcdVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^ETCD(CTL)?_/.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: env.NODE_ENV }
}
