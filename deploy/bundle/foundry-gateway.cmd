@echo off
rem foundry-gateway [SUBCOMMAND ...]: the gateway with the Java of JAVA_HOME, of the runtime folder beside it, or of the PATH (17 or newer).
setlocal
set "HERE=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if exist "%HERE%runtime\bin\java.exe" set "JAVA=%HERE%runtime\bin\java"
if not defined QUARKUS_CONFIG_LOCATIONS if not exist "config\application.properties" if not exist "config\application.yaml" set "QUARKUS_CONFIG_LOCATIONS=%HERE%config\application.properties"
rem Started by a person without a model server: the gateway asks whether the practice upstream shall stand in.
if "%~1"=="" if not defined FOUNDRY_LOCAL_ENDPOINT set "FOUNDRY_GATEWAY_ASK=1"
"%JAVA%" -XX:+UseSerialGC %FOUNDRY_GATEWAY_OPTS% -jar "%HERE%app\quarkus-run.jar" %*
exit /b %ERRORLEVEL%
