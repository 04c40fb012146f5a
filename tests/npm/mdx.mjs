// Prints what a page in MDX is as HTML, as a site made with React shows it.
import { readFile } from "node:fs/promises";
import { evaluate } from "@mdx-js/mdx";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as runtime from "react/jsx-runtime";

const { default: Page } = await evaluate(await readFile(process.argv[2]), runtime);
console.log(renderToStaticMarkup(createElement(Page)));
