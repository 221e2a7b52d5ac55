export interface Release {
  /** The version of package.json. */
  readonly version: string;
  /** CHANGELOG.md. */
  readonly changelog: string;
  /** What git says has changed since the commit: empty for a clean tree. */
  readonly changed: string;
  /** Tags of the commit, one a line. */
  readonly tags: string;
}

/** What keeps a commit from being published as a release. */
export function releaseFaults({ version, changelog, changed, tags }: Release): string[] {
  const [, newest] = /^## (.*)$/m.exec(changelog) ?? [];
  const tag = `v${version}`;
  return [
    ...(newest === version ? [] : [`CHANGELOG.md begins with ${newest}, package.json says ${version}`]),
    ...(changed === '' ? [] : [`the tree is not clean:\n${changed}`]),
    ...(tags.split('\n').includes(tag) ? [] : [`the commit has no tag ${tag}`]),
  ];
}
