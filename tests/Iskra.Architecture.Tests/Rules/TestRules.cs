using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Iskra.Architecture.Tests.Rules;

/// <summary>Tests do not sleep, are not skipped, are named for what they show, and show it with an assertion.</summary>
internal static class TestRules
{
    private const int DelayMillisecondsMax = 100;

    public static RuleReport NoSleeps(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(files, file => file.All<InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString().EndsWith("Thread.Sleep", StringComparison.Ordinal)
                || (call.Expression.ToString().EndsWith("Task.Delay", StringComparison.Ordinal)
                    && IsLongDelay(call.ArgumentList.Arguments)))
            .Select(call => file.Violation(call, $"{call}: wait for the event, or turn a TimeProvider's clock")));

    /// <summary>A test may be skipped while it runs, for a server that isn't there; it may not be switched off.</summary>
    public static RuleReport NoSkips(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(TestMethods(files), test => test.Method.AttributeLists.SelectMany(list => list.Attributes)
            .Where(attribute => HasArgument(attribute, "Skip") && !HasArgument(attribute, "SkipUnless")
                && !HasArgument(attribute, "SkipWhen"))
            .Select(attribute => test.File.Violation(attribute, $"{test.Method.Identifier.Text} is switched off: mend it or remove it")));

    /// <summary><c>Method_Condition_Result</c>, or two parts where there is no condition.</summary>
    public static RuleReport Names(IReadOnlyList<SourceFile> files)
        => RuleReport.Over(TestMethods(files), test =>
        {
            string[] parts = test.Method.Identifier.Text.Split('_');
            return parts.Length is < 2 or > 4
                || parts.Any(part => part.Length == 0 || !char.IsAsciiLetterUpper(part[0]) && !char.IsAsciiDigit(part[0]))
                ? [test.File.Violation(test.Method.Identifier, $"{test.Method.Identifier.Text} is not of the form Method_Condition_Result")]
                : [];
        });

    /// <summary>Each test asserts, itself or through a helper of the test sources that does.</summary>
    public static RuleReport Assertions(IReadOnlyList<SourceFile> files)
    {
        HashSet<string> asserting = AssertingMethods(files);
        return RuleReport.Over(TestMethods(files), test => asserting.Contains(test.Method.Identifier.Text)
            ? []
            : [test.File.Violation(test.Method.Identifier, $"{test.Method.Identifier.Text} asserts nothing")]);
    }

    private static IEnumerable<(SourceFile File, MethodDeclarationSyntax Method)> TestMethods(IReadOnlyList<SourceFile> files)
        => files.SelectMany(file => file.All<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTestAttribute))
            .Select(method => (file, method)));

    private static bool IsTestAttribute(AttributeSyntax attribute)
    {
        string name = attribute.Name.ToString();
        return name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal) || name == "Property";
    }

    private static bool HasArgument(AttributeSyntax attribute, string name)
        => attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.Text == name) == true;

    /// <summary>Closes "calls something that asserts" over the simple names of the test sources' methods.</summary>
    private static HashSet<string> AssertingMethods(IReadOnlyList<SourceFile> files)
    {
        List<(string Name, HashSet<string> Calls)> methods =
        [
            .. files.SelectMany(file => file.Root.DescendantNodes())
                .Where(node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
                .Select(node => (NameOf(node), new HashSet<string>(CalledNames(node), StringComparer.Ordinal))),
        ];
        HashSet<string> asserting = [.. methods.Where(method => method.Calls.Contains("Assert")).Select(method => method.Name)];
        for (int before = -1; before != asserting.Count;)
        {
            before = asserting.Count;
            asserting.UnionWith(methods.Where(method => method.Calls.Overlaps(asserting)).Select(method => method.Name));
        }

        return asserting;
    }

    private static string NameOf(SyntaxNode node)
        => node is MethodDeclarationSyntax method ? method.Identifier.Text : ((LocalFunctionStatementSyntax)node).Identifier.Text;

    private static IEnumerable<string> CalledNames(SyntaxNode method)
    {
        foreach (InvocationExpressionSyntax call in method.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            string text = call.Expression.ToString();
            bool asserts = text.StartsWith("Assert.", StringComparison.Ordinal)
                || text.StartsWith("Xunit.Assert.", StringComparison.Ordinal)
                || text.StartsWith("Expect(", StringComparison.Ordinal)
                    || text.EndsWith("QuickCheckThrowOnFailure", StringComparison.Ordinal)
                || text.StartsWith("Check.One", StringComparison.Ordinal);
            yield return asserts && !text.Contains("Assert.Skip", StringComparison.Ordinal) ? "Assert" : LastName(call.Expression);
        }

        // A method group given to a helper counts as a call: RunAsync(engine, CheckBalancesAsync).
        foreach (ArgumentSyntax argument in method.DescendantNodes().OfType<ArgumentSyntax>())
        {
            if (argument.Expression is IdentifierNameSyntax name)
            {
                yield return name.Identifier.Text;
            }
        }
    }

    private static string LastName(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    /// <summary>
    /// A delay on a given TimeProvider waits for nothing real, and a short one is a poll; what isn't written as a number is not judged.
    /// </summary>
    private static bool IsLongDelay(SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        bool fakeClock = arguments.Count > 1 && arguments[1].ToString() is string second
            && (second.Contains("time", StringComparison.OrdinalIgnoreCase)
                || second.Contains("clock", StringComparison.OrdinalIgnoreCase));
        return arguments.Count > 0 && !fakeClock && Milliseconds(arguments[0].Expression) >= DelayMillisecondsMax;
    }

    private static double? Milliseconds(ExpressionSyntax expression)
    {
        if (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: string unit } } call
            && call.ArgumentList.Arguments.FirstOrDefault() is { } amount)
        {
            double factor = unit switch { "FromMilliseconds" => 1, "FromSeconds" => 1_000, "FromMinutes" => 60_000, _ => double.NaN };
            return Number(amount.Expression) * factor;
        }

        return Number(expression);
    }

    private static double? Number(ExpressionSyntax expression)
        => expression.IsKind(SyntaxKind.NumericLiteralExpression)
            ? Convert.ToDouble(((LiteralExpressionSyntax)expression).Token.Value, CultureInfo.InvariantCulture)
            : null;
}
