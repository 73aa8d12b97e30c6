# Writes OUT, a C++ file with the page made from FROM/index.html and what it names.
file(READ ${FROM}/index.html page)
foreach(part page.css listen.js page.js)
  file(READ ${FROM}/${part} text)
  string(REPLACE "{{${part}}}" "${text}" page "${page}")
endforeach()
file(WRITE ${OUT} "#include \"sandbox/page/page.h\"

namespace latchkey::sandbox {

std::string_view Page() {
  return R\"page(${page})page\";
}

}  // namespace latchkey::sandbox
")
