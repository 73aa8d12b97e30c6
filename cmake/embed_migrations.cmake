# Writes OUT/NAME.h and OUT/NAME.cc with the text of SCRIPTS; run by latchkey_migrations().
set(entries "")
foreach(script IN LISTS SCRIPTS)
  get_filename_component(file ${script} NAME)
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
    message(FATAL_ERROR "${script}: a migration is named like 0001_tenants.sql")
  endif()
  string(REGEX REPLACE "^0+" "" version "${CMAKE_MATCH_1}")
  file(READ ${script} sql)
  string(APPEND entries "    {${version}, \"${file}\", R\"sql(${sql})sql\"},\n")
endforeach()

file(WRITE ${OUT}/${NAME}.h "// Migrations of the schema ${NAME}; made from services/${NAME}/migrations.
#pragma once

#include <span>

#include \"lib/pg/migrate.h\"

namespace latchkey::${NAME} {

std::span<const pg::Migration> Migrations();

}  // namespace latchkey::${NAME}
")
file(WRITE ${OUT}/${NAME}.cc "#include \"migrations/${NAME}.h\"

namespace latchkey::${NAME} {
namespace {

constexpr pg::Migration kMigrations[] = {
${entries}};

}  // namespace

std::span<const pg::Migration> Migrations() { return kMigrations; }

}  // namespace latchkey::${NAME}
")
