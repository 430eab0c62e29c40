/**
 * What registration needs of AWS: the ports, and the inputs of the calls that change something, spelled as the
 * services spell them, so that what `--dry-run` prints is what is sent.
 */

/** A custom source as Security Lake lists it. Its provider identity is not told. */
export interface SourceFound {
  /** Account that the source is listed under. */
  readonly account?: string;
  readonly sourceName: string;
  readonly sourceVersion?: string;
  /** s3://bucket/ext/name/ */
  readonly location?: string;
  readonly providerRoleArn?: string;
  readonly crawlerArn?: string;
  readonly databaseArn?: string;
  readonly tableArn?: string;
}

/** https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html */
export interface CreateSourceInput {
  readonly sourceName: string;
  readonly sourceVersion?: string;
  readonly eventClasses?: readonly string[];
  readonly configuration: {
    readonly crawlerConfiguration: { readonly roleArn: string };
    readonly providerIdentity: { readonly externalId: string; readonly principal: string };
  };
}

export interface DeleteSourceInput {
  readonly sourceName: string;
  readonly sourceVersion?: string;
}

export interface SecurityLake {
  /** The bucket of the lake in the client's region; undefined where Security Lake is not on in it. */
  readonly bucket: () => Promise<string | undefined>;
  /** Every custom source of the client's region. */
  readonly sources: () => Promise<SourceFound[]>;
  /** The event classes of each source by its name, as far as Security Lake tells them. */
  readonly eventClasses: (account: string) => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly create: (input: CreateSourceInput) => Promise<SourceFound>;
  /** A source that is not there is no error. */
  readonly remove: (input: DeleteSourceInput) => Promise<void>;
}

/** https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html */
export interface CrawlerTargets {
  readonly S3Targets?: readonly { readonly Path: string }[];
  readonly CatalogTargets?: readonly { readonly DatabaseName: string; readonly Tables: readonly string[] }[];
}

/** What register sets of a crawler. */
export interface CrawlerSettings {
  readonly Role: string;
  readonly DatabaseName: string;
  readonly Description: string;
  readonly Targets?: CrawlerTargets;
  readonly TablePrefix?: string;
  /** JSON. */
  readonly Configuration?: string;
  /** cron(…) */
  readonly Schedule?: string;
}

export type UpdateCrawlerInput = { readonly Name: string } & Partial<CrawlerSettings>;

export type CreateCrawlerInput = CrawlerSettings & {
  readonly Name: string;
  readonly Targets: CrawlerTargets;
  readonly SchemaChangePolicy?: {
    readonly UpdateBehavior: 'UPDATE_IN_DATABASE';
    readonly DeleteBehavior: 'LOG';
  };
};

/** A crawler as Glue has it. Of its role Glue may tell the name alone. */
export interface CrawlerFound extends Partial<Omit<CrawlerSettings, 'Targets'>> {
  readonly Name: string;
  /** Lists of targets by their kind. */
  readonly Targets?: Readonly<Record<string, unknown>>;
  /** READY, RUNNING or STOPPING. */
  readonly State: string;
}

/** A column with its type as Hive spells it: what Glue keeps. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

export interface TableFound {
  readonly name: string;
  /** Without those of the partitions. */
  readonly columns: readonly TableColumn[];
}

export interface Glue {
  /** Undefined where there is none of this name. */
  readonly crawler: (name: string) => Promise<CrawlerFound | undefined>;
  readonly updateCrawler: (input: UpdateCrawlerInput) => Promise<void>;
  readonly createCrawler: (input: CreateCrawlerInput) => Promise<void>;
  /** A crawler that is not there is no error. */
  readonly deleteCrawler: (input: { readonly Name: string }) => Promise<void>;
  /** The tables of a database whose names begin so; none where there is no such database. */
  readonly tables: (databaseName: string, prefix: string) => Promise<TableFound[]>;
}

/** Who makes the calls. */
export interface Caller {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

export interface Services {
  readonly securityLake: SecurityLake;
  readonly glue: Glue;
  readonly caller: () => Promise<Caller>;
  /** Lets some time pass between two tries. */
  readonly wait: (waitMs: number) => Promise<void>;
}

/** A call that changes something: what --dry-run prints, and what is sent. */
export type Step =
  | {
      readonly service: 'securitylake';
      readonly operation: 'CreateCustomLogSource';
      readonly input: CreateSourceInput;
    }
  | {
      readonly service: 'securitylake';
      readonly operation: 'DeleteCustomLogSource';
      readonly input: DeleteSourceInput;
    }
  | { readonly service: 'glue'; readonly operation: 'CreateCrawler'; readonly input: CreateCrawlerInput }
  | { readonly service: 'glue'; readonly operation: 'UpdateCrawler'; readonly input: UpdateCrawlerInput }
  | {
      readonly service: 'glue';
      readonly operation: 'DeleteCrawler';
      readonly input: { readonly Name: string };
    };
