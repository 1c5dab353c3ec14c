//! Signing names that are not the label in the host, and services without a region: from botocore's endpoint rule sets.

/// The signing name of a service label; `before` is the label left of it. Usually the label itself.
pub(super) fn signing_name<'a>(before: Option<&str>, label: &'a str) -> &'a str {
    let of_pair = before.and_then(|before| {
        let is_it = |(left, right, _): &&(&str, &str, &'static str)| *left == before && *right == label;
        PAIRS.iter().find(is_it).map(|(.., name)| *name)
    });
    let of_customer = || (label == "iot" && before.is_some()).then_some("iotdata");
    let of_label = || OVERRIDES.iter().find(|(known, _)| *known == label).map(|(_, name)| *name);
    of_pair.or_else(of_customer).or_else(of_label).unwrap_or(label)
}

/// When a service is signed for the global region of its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// When its host names no region.
    WithoutRegion,
    /// The same, in the `aws` partition only.
    WithoutRegionInAws,
    /// Whatever region its host names.
    Always,
}

pub(super) fn global_scope(label: &str) -> Option<Scope> {
    match label {
        "sustainability" => Some(Scope::Always),
        "sts" | "waf" | "savingsplans" | "sdb" => Some(Scope::WithoutRegionInAws),
        "iam" | "route53" | "cloudfront" | "budgets" | "health" | "partnercentral-channel" | "partnercentral-prm" => {
            Some(Scope::WithoutRegion)
        }
        _ => None,
    }
}

/// Hosts of customers' own below `on.aws` and its counterparts: no other label is known there.
pub(super) const CUSTOMERS: &[(&str, &str)] =
    &[("lambda-url", "lambda"), ("vpc-lattice-svcs", "vpc-lattice-svcs"), ("aos", "es"), ("dsql", "dsql")];

/// Two labels that mean another service than the right one alone. Signing names are case-sensitive.
const PAIRS: &[(&str, &str, &str)] = &[
    ("participant", "connect", "execute-api"),
    ("portal", "sso", "awsssoportal"),
    ("data", "iot", "iotdata"),
    ("data-ats", "iot", "iotdata"),
    ("ats", "iot", "iotdata"),
    ("jobs", "iot", "iot-jobs-data"),
    ("tunneling", "iot", "IoTSecuredTunneling"),
    ("maps", "geo", "geo-maps"),
    ("places", "geo", "geo-places"),
    ("routes", "geo", "geo-routes"),
    ("sms-voice", "pinpoint", "sms-voice"),
];

/// Among them the prefixes that botocore's service models put before a host.
const OVERRIDES: &[(&str, &str)] = &[
    ("account-access-runtime", "account-access"),
    ("acm-acme", "acm"),
    ("agent-registry-control", "agent-registry"),
    ("agreement-marketplace", "aws-marketplace"),
    ("analytics-omics", "omics"),
    ("aos", "es"),
    ("appconfigdata", "appconfig"),
    ("appstream2", "appstream"),
    ("appsync-api", "appsync"),
    ("appsync-realtime-api", "appsync"),
    ("aps-workspaces", "aps"),
    ("arc-recovery-control-config", "route53-recovery-control-config"),
    ("arc-region-switch-control-plane", "arc-region-switch"),
    ("bedrock-agent", "bedrock"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-agentcore-control", "bedrock-agentcore"),
    ("bedrock-data-automation", "bedrock"),
    ("bedrock-data-automation-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("cassandra-streams", "cassandra"),
    ("catalog-marketplace", "aws-marketplace"),
    ("cloudhsmv2", "cloudhsm"),
    ("cloudsearchdomain", "cloudsearch"),
    ("cloudwatch-omni", "cloudwatch"),
    ("contact-lens", "connect"),
    ("control-kinesis", "kinesis"),
    ("control-storage-omics", "omics"),
    ("data-kinesis", "kinesis"),
    ("data-lakeformation", "lakeformation"),
    ("data-servicediscovery", "servicediscovery"),
    ("data-signer", "signer"),
    ("ddb", "dynamodb"),
    ("deployment-marketplace", "aws-marketplace"),
    ("discovery-marketplace", "aws-marketplace"),
    ("efs", "elasticfilesystem"),
    ("email", "ses"),
    ("entitlement-marketplace", "aws-marketplace"),
    ("eventsv2", "events"),
    ("forecastquery", "forecast"),
    ("git-codecommit", "codecommit"),
    ("iam-toolbox", "iam"),
    ("identity-chime", "chime"),
    ("iot-tunneling", "IoTSecuredTunneling"),
    ("ivsrealtime", "ivs"),
    ("kafka-api", "kafka"),
    ("kinesis-queues", "kinesis"),
    ("mail-manager", "ses"),
    ("marketplace", "aws-marketplace"),
    ("media-pipelines-chime", "chime"),
    ("meetings-chime", "chime"),
    ("memory-db", "memorydb"),
    ("messaging-chime", "chime"),
    ("metering-marketplace", "aws-marketplace"),
    ("migrationhub-config", "mgh"),
    ("models-v2-lex", "lex"),
    ("mturk-requester-sandbox", "mturk-requester"),
    ("neptune", "neptune-db"),
    ("oidc", "sso-oauth"),
    ("partnercentral-prm", "partnercentral"),
    ("personalize-events", "personalize"),
    ("personalize-runtime", "personalize"),
    ("pinpoint", "mobiletargeting"),
    ("query-lakeformation", "lakeformation"),
    ("queue", "sqs"),
    ("reporting-marketplace", "aws-marketplace"),
    ("runtime-medical-imaging", "medical-imaging"),
    ("runtime-v2-lex", "lex"),
    ("search-ddb", "dynamodb"),
    ("search-dynamodb", "dynamodb"),
    ("servicecatalog-appregistry", "servicecatalog"),
    ("storage-omics", "omics"),
    ("stream-logs", "logs"),
    ("streaming-logs", "logs"),
    ("streams-ddb", "dynamodb"),
    ("streams-dynamodb", "dynamodb"),
    ("sync-states", "states"),
    ("tags-omics", "omics"),
    ("timestream-ingest", "timestream"),
    ("timestream-query", "timestream"),
    ("transcribestreaming", "transcribe"),
    ("voice-chime", "chime"),
    ("wellarchitected-agent", "wellarchitected"),
    ("workflows-omics", "omics"),
];
