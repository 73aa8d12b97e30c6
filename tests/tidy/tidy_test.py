#!/usr/bin/env python3
"""The checks find what they are for, and leave what is right alone."""

import unittest

import awaits
import budgets
import contracts
import layers
import promises
from tree import Source


def troubles(rule, text: str, path: str = "services/dialer/domain/x.cc") -> list[str]:
    return [what for _, what in rule.check(Source(path, text))]


class AwaitsTest(unittest.TestCase):
    def test_lets_an_await_that_stands_alone_pass(self):
        for line in ("co_await F();", "const bool ready = co_await Ready();",
                     "co_return co_await F(x, std::move(y), Class(a, b));",
                     "absl::StatusOr<std::map<A, B>> x = co_await F();", "place_ = co_await F();",
                     "if (absl::Status s = co_await F(); !s.ok()) co_return s;",
                     'co_await F("a { b ? c");', "if (a(b)) x = co_await F();",
                     "case A::kB: co_return co_await F();", "else co_await F();",
                     "const bool ok = co_await Done([this, &x](void* t) { x.Do(t); });", "while (true) co_await F();"):
            self.assertEqual(troubles(awaits, f"Task<void> G() {{\n  {line}\n}}\n"), [], line)

    def test_finds_an_await_that_does_not(self):
        for line in ("if (co_await F()) co_return;", "while (!(co_await F())) {}",
                     "co_await Put({1, 2});", "co_await Put(Row{1});", "G(co_await F());",
                     "auto x = b ? co_await A() : c;", "switch (co_await N()) {}",
                     "co_await Run([id] { return id; });",
                     "co_await Run([=](int x) { return id; });",
                     "Group group(co_await this_coro::executor);", "x == co_await F();",
                     "bool y = !co_await F();", "return A(1) == co_await F();"):
            self.assertNotEqual(troubles(awaits, f"Task<void> G() {{\n  {line}\n}}\n"), [], line)

    def test_finds_a_coroutine_lambda_with_captures(self):
        bad = "auto f = [this]() -> Task<void> {\n  co_await F();\n};\n"
        self.assertEqual(len(troubles(awaits, bad)), 1)
        self.assertEqual(troubles(awaits, bad.replace("[this]", "[]")), [])


class LayersTest(unittest.TestCase):
    def test_a_domain_knows_no_grpc_and_no_other_service(self):
        for name in ("<grpcpp/grpcpp.h>", "<boost/asio.hpp>", "<libpq-fe.h>",
                     '"services/media/domain/turn.h"', '"services/dialer/adapters/x.h"',
                     '"latchkey/dialer/v1/dialer.pb.h"', '"x.h"'):
            self.assertNotEqual(troubles(layers, f"#include {name}\n"), [], name)

    def test_a_domain_knows_values_and_its_own_folder(self):
        for name in ("<vector>", '"absl/time/time.h"', '"lib/base/id.h"',
                     '"services/dialer/domain/ports.h"'):
            self.assertEqual(troubles(layers, f"#include {name}\n"), [], name)

    def test_beast_stays_in_its_folder(self):
        beast = "#include <boost/beast/core.hpp>\n"
        self.assertEqual(troubles(layers, beast, "lib/http/x.cc"), [])
        self.assertNotEqual(troubles(layers, beast, "tests/unit/x_test.cc"), [])


class BudgetsTest(unittest.TestCase):
    def test_counts_the_lines_of_functions_and_members(self):
        body = "  x();\n" * budgets.FUNCTION_LINES
        for text in (f"void F(int a,\n       int b) {{\n{body}}}\n",
                     f"class A {{\n  void F() {{\n{body}  }}\n}};\n"):
            self.assertEqual(len(troubles(budgets, text)), 1, text[:20])
        self.assertEqual(troubles(budgets, f"namespace a {{\n{'int x;' * 1}\n" * 1 + "}\n"), [])

    def test_refuses_names_that_say_nothing(self):
        self.assertNotEqual(troubles(budgets, "class CallManager {\n};\n"), [])
        self.assertNotEqual(troubles(budgets, "", "lib/base/string_util.cc"), [])
        self.assertEqual(troubles(budgets, "class CallIndex {\n};\n"), [])


class ContractsTest(unittest.TestCase):
    def test_wants_a_comment_on_every_field(self):
        good = "// A.\n// M.\nmessage M {\n  // F.\n  string f = 1;\n}\n"
        self.assertEqual(troubles(contracts, good), [])
        self.assertEqual(len(troubles(contracts, good.replace("  // F.\n", ""))), 1)

    def test_wants_callers_and_an_unspecified_value(self):
        text = "// A.\n// E.\nenum Kind {\n  // A.\n  KIND_A = 0;\n}\n"
        self.assertEqual(troubles(contracts, text), ["Kind has no KIND_UNSPECIFIED = 0"])


class PromisesTest(unittest.TestCase):
    NAMES = {"vault_test", "VaultTest", "VaultTest.Puts", "test_a_key_is_gone"}

    def page(self, tests: str, heading: str = "test") -> list[str]:
        text = f"| promise | {heading} |\n| --- | --- |\n| A key is safe | {tests} |\n"
        return [what for _, what in promises.check(text, self.NAMES)]

    def test_lets_a_promise_with_its_tests_pass(self):
        self.assertEqual(self.page("`vault_test`: `VaultTest.Puts`, `test_a_key_is_gone`"), [])
        self.assertEqual(self.page("`vault_test`: `VaultTest`, `.Puts`; `scripts/bench lease`"), [])

    def test_finds_a_test_that_is_not_there(self):
        for tests in ("`vault_test`: `VaultTest.Gets`", "`test_a_key_is_there`", "`VaultTests`",
                      "`VaultTest`, `.Gets`"):
            self.assertEqual(len(self.page(tests)), 1, tests)

    def test_finds_a_promise_without_a_test(self):
        self.assertEqual(self.page("we are sure"), ["a promise without a test"])
        self.assertEqual(len(self.page("`VaultTest`", "how")), 1)

    def test_knows_the_tests_of_the_tree(self):
        names = promises.known()
        for name in ("memory_test", "fuzz_ticket", "VaultTest",
                     "test_a_rejected_key_is_not_stored"):
            self.assertIn(name, names)


if __name__ == "__main__":
    unittest.main()
