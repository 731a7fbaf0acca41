// usage: manifest.js <MANIFEST.json
// Does a Kubernetes object hold what its schema says?  Needs kubernetes-models of
// npm, which has the schemas of Kubernetes' OpenAPI document.
const object = JSON.parse(require("fs").readFileSync(0, "utf8"));
const models = require("kubernetes-models/" + object.apiVersion);
new models[object.kind](object).validate();
