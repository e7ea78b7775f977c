/**
 * The page in Firefox.
 */
import { testPage } from "./page.ts"

testPage("firefox")
