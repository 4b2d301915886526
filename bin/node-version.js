const oldest = [20, 19];

/** Ends the process with a clear sentence where Node is too old; a syntax error from deep inside would tell nobody. */
export function refuseOldNode(version = process.versions.node) {
  if (isRecentEnough(version)) return;
  console.error(
    `Sluice needs Node ${oldest.join('.')} or newer; this is Node ${version}. Get one from https://nodejs.org.`,
  );
  process.exit(2);
}

export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
