// Reads paths of PDF files, one a line, and answers each with one line: the broken rules of PDF/UA-1 by the rules of
// veraPDF, separated by tabs; an empty line for a file that keeps them all. Started once for many files (tests/pdf_ua.py).

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class PdfUa {
    private static final PDFAFlavour UA = PDFAFlavour.PDFUA_1;

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream answers = new PrintStream(System.out, true, "UTF-8");
        System.setOut(System.err); // whatever the library prints must not mix with the answers
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            answers.println(String.join("\t", broken(path)));
        }
    }

    private static TreeSet<String> broken(String path) {
        TreeSet<String> found = new TreeSet<>();
        try (FileInputStream file = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, UA);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(UA, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
                    found.add((rule + " " + one.getMessage()).replaceAll("\\s+", " "));
                }
            }
            if (result.getTotalAssertions() == 0) {
                found.add("nothing was checked");
            }
        } catch (Exception error) {
            found.add(error.toString().replaceAll("\\s+", " "));
        }
        return found;
    }
}
