# Every target of the project is made by the functions in this file, so that the
# language level, the warnings and the layers are the same everywhere.
#
#   latchkey_library(NAME SOURCES … DEPS … [SYSTEM_DEPS …])   latchkey::NAME
#   latchkey_service(NAME SOURCES … DEPS …)                   a program called latchkey-NAME
#   latchkey_test(NAME SOURCES … DEPS … LABELS …)             a GoogleTest program and its CTest entry
#   latchkey_proto(NAME PROTOS … DEPS …)                      latchkey::NAME, generated from proto/

option(LATCHKEY_PCH "Precompile the headers that most files include" ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(Protobuf REQUIRED)
find_package(absl REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(fmt REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_program(LATCHKEY_PROTOC protoc REQUIRED)
find_program(LATCHKEY_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)

# One list of warnings; each is an error.
add_library(latchkey_warnings INTERFACE)
target_compile_options(latchkey_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Werror)

# What every file of ours is compiled with. Asio and Beast are compiled once, in lib/base and
# lib/http, instead of in every file that includes them.
add_library(latchkey_flags INTERFACE)
target_include_directories(latchkey_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(latchkey_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)
# Without a time stamp in the precompiled header, ccache finds it again.
target_compile_options(latchkey_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
# Some libraries ask for -pthread; a precompiled header fits only where all have it or none has.
target_compile_options(latchkey_flags INTERFACE $<$<BOOL:${LATCHKEY_PCH}>:-pthread>)
target_link_libraries(latchkey_flags INTERFACE Threads::Threads Boost::headers)

function(latchkey_library name)
  cmake_parse_arguments(ARG "NO_PCH" "" "SOURCES;DEPS" ${ARGN})
  add_library(latchkey_${name} STATIC ${ARG_SOURCES})
  add_library(latchkey::${name} ALIAS latchkey_${name})
  target_link_libraries(latchkey_${name} PUBLIC latchkey_flags ${ARG_DEPS} PRIVATE latchkey_warnings)
  if(LATCHKEY_PCH AND NOT ARG_NO_PCH)
    target_precompile_headers(latchkey_${name} REUSE_FROM latchkey_pch)
  endif()
endfunction()

function(latchkey_service name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(latchkey-${name} ${ARG_SOURCES})
  target_link_libraries(latchkey-${name} PRIVATE latchkey_flags latchkey_warnings ${ARG_DEPS})
  set_target_properties(latchkey-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# LABELS says which run of scripts/test a test belongs to: unit, contract, integration, …
function(latchkey_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE latchkey_flags latchkey_warnings latchkey::test_support
    GTest::gmock_main ${ARG_DEPS})
  if(LATCHKEY_PCH)
    target_precompile_headers(${name} REUSE_FROM latchkey_test_pch)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT
    "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/third_party_leaks.txt:print_suppressions=0")
endfunction()

# Generates messages and, for a file that defines a service, its stubs.
function(latchkey_proto name)
  cmake_parse_arguments(ARG "GRPC" "" "PROTOS;DEPS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(generated ${out}/${stem}.pb.cc)
    set(plugin)
    if(ARG_GRPC)
      list(APPEND generated ${out}/${stem}.grpc.pb.cc)
      set(plugin --grpc_out=${out} --plugin=protoc-gen-grpc=${LATCHKEY_GRPC_PLUGIN})
    endif()
    add_custom_command(OUTPUT ${generated}
      COMMAND ${LATCHKEY_PROTOC} -I${CMAKE_SOURCE_DIR}/proto -I/usr/share/grpc-proto
        --cpp_out=${out} ${plugin} ${proto}
      DEPENDS ${CMAKE_SOURCE_DIR}/proto/${proto}
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/proto VERBATIM)
    list(APPEND sources ${generated})
  endforeach()
  add_library(latchkey_${name} STATIC ${sources})
  add_library(latchkey::${name} ALIAS latchkey_${name})
  target_include_directories(latchkey_${name} SYSTEM PUBLIC ${out})
  target_link_libraries(latchkey_${name} PUBLIC latchkey_flags gRPC::grpc++ protobuf::libprotobuf ${ARG_DEPS})
  target_compile_options(latchkey_${name} PRIVATE -w)
endfunction()
