// Both of the CDK's interfaces take the plug-in as it is declared.
import { App, Validations, type IPolicyValidationPlugin, type IPolicyValidationPluginBeta1 } from "aws-cdk-lib/core";
import { SflValidator } from "sfl-cdk";

const plugin = new SflValidator({ failOn: "error", args: ["--verbose"] });
const stable: IPolicyValidationPlugin = plugin;
const beta: IPolicyValidationPluginBeta1 = plugin;
const app = new App({ policyValidationBeta1: [beta] });
Validations.of(app).addPlugins(stable);
// @ts-expect-error: no such word
new SflValidator({ failOn: "errors" });
