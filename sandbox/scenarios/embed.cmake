# Writes OUT, a C++ file with the text of FROM.
file(READ ${FROM} text)
file(WRITE ${OUT} "#include \"sandbox/scenarios/demo_scenario.h\"

namespace latchkey::sandbox {

std::string_view DemoScenario() {
  return R\"scenario(${text})scenario\";
}

}  // namespace latchkey::sandbox
")
