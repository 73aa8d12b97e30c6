# latchkey_migrations(NAME): builds services/NAME/migrations/*.sql into latchkey::NAME_migrations,
# whose header "migrations/NAME.h" declares latchkey::NAME::Migrations().
function(latchkey_migrations name)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/${name}/migrations/*.sql)
  set(out ${CMAKE_BINARY_DIR}/gen/migrations)
  set(embed ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake)
  add_custom_command(OUTPUT ${out}/${name}.h ${out}/${name}.cc
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DOUT=${out} "-DSCRIPTS=${scripts}" -P ${embed}
    DEPENDS ${scripts} ${embed} VERBATIM)
  add_library(latchkey_${name}_migrations STATIC ${out}/${name}.cc ${out}/${name}.h)
  add_library(latchkey::${name}_migrations ALIAS latchkey_${name}_migrations)
  target_include_directories(latchkey_${name}_migrations PUBLIC ${CMAKE_BINARY_DIR}/gen)
  target_link_libraries(latchkey_${name}_migrations PUBLIC latchkey_pg PRIVATE latchkey_warnings)
endfunction()
