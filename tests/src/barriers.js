// What keeps people out of the page that is shown, by axe-core, which stands in the page already.
const done = arguments[arguments.length - 1];
const rules = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
axe.run(document, { runOnly: rules, resultTypes: ["violations"] }).then(
  (found) => done(found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary}`))),
  (error) => done([`axe-core did not run: ${error}`]),
);
