# A program is one *_main.cpp and the libraries it stands on.
function(gatehouse_program name main)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${main})
    add_executable(${name} ${main})
    target_link_libraries(${name} PRIVATE ${ARGN})
  endif()
endfunction()

gatehouse_program(gatehouse-edge edge/daemon/edge_main.cpp edge_shell)
gatehouse_program(gatehouse-central sync/central/central_main.cpp sync_shell PkgConfig::SPDLOG CLI11::CLI11)
gatehouse_program(gatehouse edge/cli/cli_main.cpp edge_shell)
gatehouse_program(gatehouse-devices drivers/emulator/devices_main.cpp drivers_shell CLI11::CLI11)
gatehouse_program(gatehouse-sim tests/sim/sim_main.cpp gatehouse_sim)
target_sources(gatehouse-sim PRIVATE tests/sim/remembered_signatures.cpp)

file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/*.cpp)
add_executable(gatehouse-bench EXCLUDE_FROM_ALL ${bench_sources})
target_link_libraries(gatehouse-bench PRIVATE edge_shell)
