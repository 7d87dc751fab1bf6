/** The config file of the official emulator, as far as it is used here. */
export interface EmulatorConfig {
  readonly UserConfig?: {
    readonly Namespaces?: readonly {
      readonly Name?: string;
      readonly Queues?: readonly EntityConfig[];
      readonly Topics?: readonly TopicConfig[];
    }[];
  };
}

/** A queue or subscription. Properties are named as in the administration API, durations are ISO 8601. */
export interface EntityConfig {
  readonly Name: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface TopicConfig extends EntityConfig {
  readonly Subscriptions?: readonly SubscriptionConfig[];
}

export interface SubscriptionConfig extends EntityConfig {
  readonly Rules?: readonly RuleConfig[];
}

export interface RuleConfig {
  readonly Name: string;
  readonly Properties?: {
    readonly FilterType?: 'Sql' | 'Correlation';
    readonly SqlFilter?: { readonly SqlExpression: string };
    readonly CorrelationFilter?: Readonly<Record<string, unknown>>;
    readonly Action?: { readonly SqlExpression: string };
  };
}
