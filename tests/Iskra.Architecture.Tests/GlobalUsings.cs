global using Iskra.Architecture.Tests.Rules;
global using Iskra.Architecture.Tests.Sources;
global using Xunit;
