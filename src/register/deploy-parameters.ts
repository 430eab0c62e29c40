/** What `sam deploy` has to be told about the sources: the parameters of template.yaml. */
import type { Layout } from '../lake/layout.ts';
import { pathOf } from './names.ts';
import type { SourceFound } from './services.ts';

export interface DeployedSources {
  readonly layout: Layout;
  readonly baseName: string;
  /** One at least. */
  readonly sources: readonly SourceFound[];
  readonly externalId: string;
  /** Name of a mapping file that is deployed with the app; another one is not told. */
  readonly mappingFile: string;
}

/** The values of MappingFile. */
const MAPPING_FILES: readonly string[] = ['OCSFmapping.json', 'OCSFmapping.native.json'];

/**
 * The parameters with their values. In the layout `per-source` the location is the one whose last folder the names of
 * the sources are made from, and there is no provider role: each writes to one source alone.
 */
export function deployParameters(deployed: DeployedSources): Readonly<Record<string, string>> {
  const { layout, baseName, sources, externalId, mappingFile } = deployed;
  const [first] = sources;
  const location = pathOf(first?.location ?? '');
  const beside = location.slice(0, location.lastIndexOf('/') + 1) + baseName;
  const role = first?.providerRoleArn;
  return {
    ASLCustomLogSourceLocation: layout === 'per-schema' ? location : beside,
    LakeLayout: layout,
    ...(layout === 'per-schema' &&
      role !== undefined && { LakeProviderRoleARN: role, LakeProviderExternalId: externalId }),
    ...(MAPPING_FILES.includes(mappingFile) && { MappingFile: mappingFile }),
  };
}
