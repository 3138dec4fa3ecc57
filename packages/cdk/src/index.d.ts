/** Which findings fail the synthesis: those at or above this severity. */
export type FailOn = "note" | "warning" | "error" | "never";

export interface SflValidatorOptions {
  /**
   * The program `sfl`: a path, or a name that is looked for in `PATH`.
   *
   * @default - what `SFL_BINARY` names, else the one in the package's `bin` folder, else `sfl` from `PATH`
   */
  readonly binary?: string;

  /**
   * The configuration.
   *
   * @default - the nearest `sfl.toml` from the working directory up
   */
  readonly config?: string;

  /**
   * Assume the worst of what nothing decides, and of every value that a parameter is allowed.
   *
   * @default false
   */
  readonly strict?: boolean;

  /**
   * The lowest severity that fails. Clusters are warnings and servers are errors, where `sfl.toml` says nothing else.
   *
   * @default "warning"
   */
  readonly failOn?: FailOn;

  /**
   * Whether `Validations.of(scope).acknowledge()` may silence what fails. Nobody checks the words of an acknowledgement, it has
   * no end, and `sfl check` does not know it.
   *
   * @default false
   */
  readonly acknowledgeable?: boolean;

  /** Further flags of `sfl check`: `["--baseline", "sfl-baseline.json"]`. */
  readonly args?: readonly string[];
}

/** What the CDK hands over; both the stable interface and Beta1 do. */
export interface SflValidationContext {
  readonly templatePaths: string[];
  readonly stackTemplates?: ReadonlyArray<{ readonly templatePath: string; readonly stackConstructPath: string }>;
}

export interface SflViolation {
  readonly ruleName: string;
  readonly description: string;
  readonly fix?: string;
  readonly severity: string;
  readonly ruleMetadata: { readonly [key: string]: string };
  readonly violatingResources: SflViolatingResource[];
}

export interface SflViolatingResource {
  readonly resourceLogicalId: string;
  readonly templatePath: string;
  readonly locations: string[];
  readonly constructPath?: string;
}

export interface SflValidationReport {
  readonly success: boolean;
  readonly violations: SflViolation[];
  readonly pluginVersion?: string;
  readonly metadata?: { readonly [key: string]: string };
}

/**
 * Checks what an app synthesizes: `Validations.of(app).addPlugins(new SflValidator())`, or `policyValidationBeta1` where the CDK is
 * older than that.
 */
export declare class SflValidator {
  readonly name: string;
  readonly version: string;
  constructor(options?: SflValidatorOptions);
  validate(context: SflValidationContext): SflValidationReport;
}
