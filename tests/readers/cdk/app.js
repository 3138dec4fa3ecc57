// An app as people write them: a stack and the same stack in a stage, each with one that it nests. `SFL_APP` says which.
"use strict";

const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const lambda = require("aws-cdk-lib/aws-lambda");
const rds = require("aws-cdk-lib/aws-rds");
const elasticache = require("aws-cdk-lib/aws-elasticache");
const sqs = require("aws-cdk-lib/aws-sqs");
const { SflValidator } = require("sfl-cdk");

class Api extends cdk.Stack {
  constructor(scope, id) {
    super(scope, id);
    new lambda.Function(this, "Function", {
      runtime: lambda.Runtime.NODEJS_LATEST,
      handler: "index.handler",
      code: lambda.Code.fromInline("exports.handler = async () => 1;"),
    });
    new sqs.Queue(this, "Queue");
  }
}

class Shop extends Api {
  constructor(scope, id) {
    super(scope, id);
    const vpc = new ec2.Vpc(this, "Vpc", { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
    this.host = new ec2.Instance(this, "Host", {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      instanceType: new ec2.InstanceType("m7i.large"),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    });
    new rds.DatabaseInstance(this, "Db", {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      engine: rds.DatabaseInstanceEngine.POSTGRES,
    });
    const caches = new cdk.NestedStack(this, "Caches");
    new elasticache.CfnCacheCluster(caches, "Sessions", {
      cacheNodeType: "cache.t4g.micro",
      engine: "redis",
      numCacheNodes: 1,
    });
  }
}

/** Capacity that is hosted: a note, and no failure. */
class Warm extends Api {
  constructor(scope, id) {
    super(scope, id);
    const version = this.node.findChild("Function").currentVersion;
    version.addAlias("live", { provisionedConcurrentExecutions: 1 });
  }
}

const KINDS = { Api, Shop, Warm };

/** One app: `kind` is its stack, `change` may do something to it. */
function app({ kind, outdir, options, context, change, beta = false }) {
  const plugin = new SflValidator(options);
  const app = new cdk.App({ outdir, context, ...(beta ? { policyValidationBeta1: [plugin] } : {}) });
  if (!beta) {
    cdk.Validations.of(app).addPlugins(plugin);
  }
  const top = new KINDS[kind](app, "Shop");
  new KINDS[kind](new cdk.Stage(app, "Prod"), "Orders");
  change?.({ app, top, cdk });
  return app;
}

module.exports = { app };

if (require.main === module) {
  app({ kind: process.env.SFL_APP, options: JSON.parse(process.env.SFL_OPTIONS ?? "{}") }).synth();
}
