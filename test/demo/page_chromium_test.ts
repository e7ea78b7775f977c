/**
 * The page in Chromium.
 */
import { testPage } from "./page.ts"

testPage("chromium")
